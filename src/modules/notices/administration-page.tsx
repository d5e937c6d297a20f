import type { MailCount } from '../../platform/mail/queries.ts';
import {
  Button,
  Card,
  DefinitionList,
  EmptyState,
  Form,
  formatDateTime,
  formatDayMonth,
  formatNumber,
  Notice,
  PageTitle,
  Stack,
  Table,
} from '../../ui/index.ts';
import { isNoticeKind, kindOf } from './kinds.ts';
import { MAIL_DAYS, type MailView } from './watch-mail.ts';

const ZONE = 'Europe/Moscow';

/** Kinds of letters that are no notices of a person's own. */
const OTHER_KINDS: Readonly<Record<string, string>> = {
  letter: 'Прочие',
  support: 'Вопросы в поддержку',
  appeal_desk: 'Обращения: адресатам',
  claim_desk: 'Заявки на подключение: организациям',
  address_proof: 'Проверка адреса',
};
const nameOf = (kind: string): string => (isNoticeKind(kind) ? kindOf(kind).name : (OTHER_KINDS[kind] ?? kind));

interface Row {
  key: string;
  name: string;
  sent: number;
  waiting: number;
  retrying: number;
  refused: number;
}

export function MailPage({ view, said, token }: { view: MailView; said: boolean; token: string }) {
  const { counts, refused, pushes } = view;
  return (
    <Stack>
      <PageTitle lead={`За последние ${MAIL_DAYS} дней. Текстов и полных адресов здесь нет.`}>
        Письма и уведомления
      </PageTitle>
      {said && <Notice tone="good" title="Письмо отправляется ещё раз" announce />}
      {counts.length === 0 ? (
        <EmptyState title="Писем за эти дни не было">
          Они появятся, когда кабинет кому-нибудь напишет: об оплате, о новой квитанции, об обращении.
        </EmptyState>
      ) : (
        <>
          <Card title="По дням">
            <Counts caption="По дням" first="День" rows={gather(counts, ({ day }) => day, formatDayMonth)} />
          </Card>
          <Card title="По видам">
            <Counts caption="По видам" first="Вид" rows={gather(counts, ({ kind }) => kind, nameOf)} />
          </Card>
        </>
      )}
      <Card
        title="Отказы"
        note="Почтовый сервер отказал окончательно. Письмо не отправится само: если причина устранена, отправьте его ещё раз."
      >
        <Refused rows={refused} token={token} />
      </Card>
      <Card title="Уведомления на устройствах">
        <DefinitionList
          items={[
            { term: 'Устройств подключено', value: formatNumber(pushes.devices) },
            { term: 'Отправлено', value: formatNumber(pushes.sent) },
            { term: 'Ждут (ночью или новой попытки)', value: formatNumber(pushes.waiting) },
            { term: 'Не отправлено', value: formatNumber(pushes.refused) },
          ]}
        />
      </Card>
    </Stack>
  );
}

function gather(counts: readonly MailCount[], keyOf: (one: MailCount) => string, name: (key: string) => string): Row[] {
  const rows = new Map<string, Row>();
  for (const one of counts) {
    const key = keyOf(one);
    const row = rows.get(key) ?? { key, name: name(key), sent: 0, waiting: 0, retrying: 0, refused: 0 };
    row[one.state] += one.count;
    rows.set(key, row);
  }
  return [...rows.values()];
}

const STATES = [
  ['sent', 'Ушло'],
  ['waiting', 'Ждёт'],
  ['retrying', 'Повторяется'],
  ['refused', 'Отказ'],
] as const;

const Counts = ({ caption, first, rows }: { caption: string; first: string; rows: readonly Row[] }) => (
  <Table
    caption={caption}
    captionHidden
    rows={rows}
    rowKey={(row) => row.key}
    columns={[
      { key: 'name', title: first, heading: true, cell: (row) => row.name },
      ...STATES.map(([state, title]) => ({
        key: state,
        title,
        numeric: true,
        cell: (row: Row) => formatNumber(row[state]),
      })),
    ]}
  />
);

const Refused = ({ rows, token }: { rows: MailView['refused']; token: string }) => (
  <Table
    caption="Последние отказы"
    captionHidden
    rows={rows}
    rowKey={(row) => row.mailId}
    empty={<EmptyState title="Отказов нет" />}
    columns={[
      { key: 'to', title: 'Кому', heading: true, cell: (row) => row.recipient },
      { key: 'kind', title: 'Вид', cell: (row) => nameOf(row.kind) },
      { key: 'at', title: 'Когда', cell: (row) => formatDateTime(row.refusedAt, ZONE) },
      { key: 'why', title: 'Что ответил сервер', prose: true, cell: (row) => row.refusal },
      {
        key: 'again',
        title: 'Ещё раз',
        cell: (row) => (
          <Form action={`/administration/mail/${row.personId}/${row.mailId}/retry`} csrf={token}>
            <Button kind="quiet">
              Отправить ещё раз<span class="visually-hidden">: {row.recipient}</span>
            </Button>
          </Form>
        ),
      },
    ]}
  />
);
