/** Every component in all its states, with long names, without data and with errors. Served at /design. */

import { Section } from './design/section.tsx';
import { FileSamples } from './design/show-files.tsx';
import { AddressSamples, ChosenSamples, DialogSamples, FieldSamples } from './design/show-forms.tsx';
import { ChartSamples, TableSamples, WaySamples } from './design/show-lists.tsx';
import { CardSamples, MoneySamples, StateSamples } from './design/show-words.tsx';
import { Layout, type LayoutViewer, type NavItem } from './layout.tsx';
import { PageTitle } from './page-title.tsx';
import type { Vision } from './vision.ts';
import { VisionForm } from './vision-form.tsx';

/** The menu of a resident whose house is published, in the order of the state's own bar. */
const NAV: readonly NavItem[] = [
  { href: '/design', label: 'Главная страница личного кабинета', short: 'Главная', icon: 'house' },
  { href: '/design#cards', label: 'Помещения (жилой дом)', icon: 'building-2' },
  { href: '/design#notices', label: 'Информационные сообщения', icon: 'bell', badge: 3 },
  { href: '/design#timeline', label: 'Обращения и ответы на них', short: 'Обращения', icon: 'message-square-text' },
  { href: '/design#copy', label: 'Подключенные ЛС к Личному кабинету', icon: 'key-round' },
  {
    href: '/design#money',
    label: 'Оплата ЖКУ',
    short: 'Оплата',
    icon: 'wallet',
    badge: 13,
    children: [{ href: '/design#tables', label: 'История платежей' }],
  },
  { href: '/design#charts', label: 'Аналитика и отчеты', icon: 'chart-column' },
  { href: '/design#tabs', label: 'Форум', icon: 'messages-square' },
];
const READINGS: NavItem = { href: '/design#fields', label: 'Показания', icon: 'gauge', badge: 1 };

interface DesignPageProps {
  vision: Vision;
  viewer?: LayoutViewer | null;
  actingAs?: string;
  demo?: boolean;
  assetsVersion?: string;
}

export function DesignPage({ vision, viewer = null, actingAs, demo = true, assetsVersion }: DesignPageProps) {
  const [home, , , appeals, , payment] = NAV;
  return (
    <Layout
      title="Внешний вид"
      nav={NAV}
      places={[home!, payment!, READINGS, appeals!]}
      active="/design"
      breadcrumbs={[{ label: 'Личный кабинет', href: '/' }, { label: 'Внешний вид' }]}
      path="/design"
      footer={{ operator: 'ООО «Пример оператора»', phone: '+7 495 000-00-00', email: 'help@example.ru' }}
      {...{ vision, viewer, actingAs, demo, ...(assetsVersion && { assetsVersion }) }}
    >
      <PageTitle kicker="Для разработчиков и редакторов" lead="Все части страниц во всех состояниях.">
        Внешний вид
      </PageTitle>
      <MoneySamples />
      <CardSamples />
      <StateSamples />
      <TableSamples />
      <FieldSamples />
      <ChosenSamples />
      <AddressSamples />
      <FileSamples />
      <DialogSamples />
      <WaySamples />
      <ChartSamples />
      <Section id="vision" title="Версия для слабовидящих">
        <VisionForm vision={vision} action="/vision" returnTo="/design" />
      </Section>
    </Layout>
  );
}
