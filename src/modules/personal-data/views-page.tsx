import { type EmployeeRole, ROLE_NAMES } from '../../platform/access.ts';
import type { Looked } from '../../platform/audit/audit.ts';
import type { OrganisationId } from '../../platform/ids.ts';
import { addMonths, type Month } from '../../platform/month.ts';
import {
  counted,
  EmptyState,
  Field,
  Filter,
  formatDate,
  formatMonth,
  formatTime,
  Pager,
  PageTitle,
  Stack,
  Table,
} from '../../ui/index.ts';
import type { LooksPage } from './read-looks.ts';

const PATH = '/settings/views';
/** As far back as the filter offers; older lines are reached page by page. */
const MONTHS = 24;

const OTHERS: Readonly<Record<string, string>> = {
  system: 'Программа организации',
  administrator: 'поддержка кабинета',
  person: 'пользователь',
};

/** «Заявкина Мария Игоревна, специалист» */
export function viewerWords({ viewerName, viewerRole }: Pick<Looked, 'viewerName' | 'viewerRole'>): string {
  const role = ROLE_NAMES[viewerRole as EmployeeRole] ?? OTHERS[viewerRole] ?? 'сотрудник';
  return viewerName ? `${viewerName}, ${role}` : role;
}

/** «15 ноября 2026 г., 14:05», or from when to when on that day and how often. */
export function whenWords(
  { firstAt, lastAt, times }: Pick<Looked, 'firstAt' | 'lastAt' | 'times'>,
  zone: string,
): string {
  const [from, to] = [formatTime(firstAt, zone), formatTime(lastAt, zone)];
  const day = formatDate(firstAt, zone);
  if (times === 1) return `${day}, ${from}`;
  return `${day}, ${from === to ? from : `${from}–${to}`}, ${counted(times, ['раз', 'раза', 'раз'])}`;
}

interface ViewsPageProps extends LooksPage {
  month: Month | null;
  organisationId: OrganisationId | null;
  thisMonth: Month;
  zone: string;
}

export function ViewsPage({ looks, next, names, month, organisationId, thisMonth, zone }: ViewsPageProps) {
  const conditions = { ...(organisationId && { organisation: organisationId }), ...(month && { month }) };
  const months = Array.from({ length: MONTHS }, (_, back) => addMonths(thisMonth, -back));
  const active = Object.keys(conditions).length;
  return (
    <Stack>
      <PageTitle lead="Сотрудники и программы организаций, которые открывали сведения о вас и о ваших лицевых счетах. Одинаковые просмотры одного человека за день сложены. Время московское.">
        Кто смотрел мои данные
      </PageTitle>
      <Filter action={PATH} active={active} resetHref={PATH} label="Выбрать организацию или месяц">
        <Field
          kind="choice"
          as="select"
          name="organisation"
          label="Организация"
          placeholder="Все"
          options={Array.from(names, ([value, label]) => ({ value, label }))}
          value={organisationId ?? ''}
        />
        <Field
          kind="choice"
          as="select"
          name="month"
          label="Месяц"
          placeholder="За всё время"
          options={months.map((value) => ({ value, label: formatMonth(value) }))}
          value={month ?? ''}
        />
      </Filter>
      <Table
        caption="Просмотры"
        captionHidden
        rows={looks}
        rowKey={({ lookId }) => lookId}
        empty={
          active > 0 ? (
            <EmptyState title="По этим условиям просмотров нет" action={{ href: PATH, label: 'Показать все' }} />
          ) : (
            <EmptyState title="Сотрудники организаций ваши данные не смотрели">
              Здесь появится запись, когда сотрудник организации откроет ваш лицевой счёт, обращение или прибор учёта.
              Ваши собственные входы сюда не попадают, а что делали те, кому вы открыли счёт, сказано на странице{' '}
              «Доступ» этого счёта.
            </EmptyState>
          )
        }
        columns={[
          { key: 'what', title: 'Что', heading: true, cell: ({ what }) => what },
          { key: 'who', title: 'Кто', cell: viewerWords },
          {
            key: 'from',
            title: 'Откуда',
            cell: (look) => (look.organisationId ? (names.get(look.organisationId) ?? 'организация') : 'кабинет'),
          },
          { key: 'when', title: 'Когда', cell: (look) => whenWords(look, zone) },
          {
            key: 'why',
            title: 'Для чего',
            cell: ({ purpose, masked }) => purpose || (masked ? 'Имя и контакты были скрыты' : 'Не указано'),
          },
        ]}
      />
      <Pager
        label="Страницы просмотров"
        next={next ? `${PATH}?${new URLSearchParams({ ...conditions, after: next })}` : undefined}
      />
      <p class="quiet">
        Не понимаете, зачем смотрели? Спросите организацию: <a href="/appeals/new">написать обращение</a>. Она обязана
        ответить, откуда у неё ваши данные и для чего они (152-ФЗ, ст. 14).
      </p>
    </Stack>
  );
}
