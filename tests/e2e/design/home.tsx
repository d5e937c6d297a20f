/** A resident's home page put together from the library, to look at the whole. */
import {
  ActionCard,
  Actions,
  Balance,
  ButtonLink,
  Card,
  CardGrid,
  Columns,
  Copy,
  DefinitionList,
  EmptyState,
  Layout,
  type NavItem,
  Notice,
  PageTitle,
  Stack,
  SumCard,
  type Vision,
} from '../../../src/ui/index.ts';

const NAV: readonly NavItem[] = [
  { href: '/', label: 'Главная страница личного кабинета', short: 'Главная', icon: 'house' },
  { href: '/premises', label: 'Помещения (жилой дом)', icon: 'building-2' },
  { href: '/messages', label: 'Информационные сообщения', icon: 'bell', badge: 3 },
  { href: '/appeals', label: 'Обращения и ответы на них', short: 'Обращения', icon: 'message-square-text' },
  { href: '/accounts', label: 'Подключенные ЛС к Личному кабинету', icon: 'key-round' },
  {
    href: '/pay',
    label: 'Оплата ЖКУ',
    short: 'Оплата',
    icon: 'wallet',
    children: [{ href: '/pay/history', label: 'История платежей' }],
  },
  { href: '/analytics', label: 'Аналитика и отчеты', icon: 'chart-column' },
  { href: '/forum', label: 'Форум', icon: 'messages-square' },
];
const PLACES = [NAV[0]!, NAV[5]!, { href: '/readings', label: 'Показания', icon: 'gauge', badge: 2 } as const, NAV[3]!];

export function SampleHome({ vision }: { vision: Vision }) {
  return (
    <Layout
      title="Личный кабинет"
      viewer={{ name: 'Петрова А. И.', csrfToken: 'token' }}
      nav={NAV}
      places={PLACES}
      active="/"
      path="/"
      demo
      vision={vision}
    >
      <PageTitle kicker="ул. Милашенкова, д. 12, кв. 45">Добрый день, Анна Ивановна</PageTitle>
      <SumCard
        label="К оплате за октябрь"
        amount={512345n}
        note={
          <>
            до <b>15 ноября</b>, осталось 10 дней
          </>
        }
        source="По данным ООО «Тёплый дом», 5 ноября"
      >
        <ButtonLink href="/pay" wide>
          Оплатить
        </ButtonLink>
        <ButtonLink href="/bill" kind="secondary" icon="file-text" wide>
          Из чего сложилась сумма
        </ButtonLink>
      </SumCard>
      <Notice title="Показания принимаются с 15 по 25 ноября">
        Осталось передать по двум приборам. <a href="/readings">Передать показания</a>
      </Notice>
      <CardGrid label="Действия">
        <ActionCard
          href="/readings"
          icon="gauge"
          title="Передать показания приборов учета"
          badge={{ count: 2, label: 'прибора ждут' }}
        />
        <ActionCard href="/appeals/new" icon="message-square-text" title="Направить обращение или жалобу" />
        <ActionCard href="/pay/any" icon="credit-card" title="Оплатить ЖКУ по любому лицевому счету" />
        <ActionCard href="/meters" icon="list" title="Приборы учета" />
        <ActionCard href="/meetings" icon="vote" title="Голосование по дому" text="Сейчас голосований нет" />
        <ActionCard href="/improvement" icon="trees" title="Голосовать по благоустройству" />
      </CardGrid>
      <Columns>
        <Card
          title="Помещение (жилой дом)"
          note="Вы являетесь собственником данного помещения"
          aside={<a href="/house">Информация о доме</a>}
        >
          <DefinitionList
            items={[
              { term: 'Общая площадь', value: '49,5 м²' },
              { term: 'Жилая площадь', value: '32,2 м²' },
              { term: 'Кол-во проживающих', empty: 'значение не указано' },
              { term: 'Управляющая организация', value: <a href="/organisation">ООО «Тёплый дом»</a> },
              { term: 'Аварийная служба', value: <a href="tel:+74950000000">+7 495 000-00-00, круглосуточно</a> },
            ]}
          />
        </Card>
        <Stack>
          <Card title="Лицевой счёт">
            <Copy text="7700123456" what="номер лицевого счёта" />
            <p>
              <Balance owed={-20000n} />
            </p>
            <Actions>
              <ButtonLink href="/accounts/connect" kind="secondary">
                Подключить ещё счёт
              </ButtonLink>
            </Actions>
          </Card>
        </Stack>
      </Columns>
      <Card title="Сообщения дома">
        <EmptyState
          title="Сообщений пока нет"
          action={{ href: '/appeals/new', label: 'Спросить управляющую организацию' }}
        >
          Здесь ООО «Тёплый дом» пишет об отключениях и работах в доме.
        </EmptyState>
      </Card>
    </Layout>
  );
}
