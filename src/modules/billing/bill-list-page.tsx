import type { ComponentChildren } from 'preact';
import type { Month } from '../../platform/month.ts';
import {
  Actions,
  Balance,
  ButtonLink,
  Card,
  type Column,
  EmptyState,
  formatMonth,
  formatNumericDate,
  Money,
  Pager,
  PageTitle,
  Stack,
  Status,
  Table,
} from '../../ui/index.ts';
import type { DocumentHead } from './queries/reading.ts';
import type { AccountOwed } from './read-accounts-owed.ts';

export interface AccountBills {
  title: string;
  /** Of somebody else's account: whose, until when, what for. */
  sharedBy: string | null;
  /** Whoever is let in without this right looks alone. */
  mayPay: boolean;
  /** Of a former payer: the last month that is theirs to read. */
  seenThrough: Month | null;
  number: string;
  owed: AccountOwed | null;
  documents: DocumentHead[];
  /** Address of all documents of this account, when only the last ones are shown among other accounts. */
  all?: string | undefined;
  /** Address of older documents, when there are any. */
  older?: string | undefined;
}

const left = (document: DocumentHead) => document.due - document.settled;

function DocumentState({ document }: { document: DocumentHead }) {
  if (document.state === 'withdrawn')
    return <Status tone="neutral">{document.undone ? 'Отменена' : 'Отозвана'}</Status>;
  if (left(document) === 0n) return <Status tone="good">Оплачена</Status>;
  if (document.settled > 0n) return <Status tone="waiting">Оплачена частично</Status>;
  return <Status tone="warn">Не оплачена</Status>;
}

const columns = (zone: string, hrefOf: (document: DocumentHead) => string): Column<DocumentHead>[] => [
  {
    key: 'month',
    title: 'Месяц',
    heading: true,
    cell: (document) => (
      <a href={hrefOf(document)}>
        {formatMonth(document.period)}
        {document.kind === 'debt' ? ', долговая' : ''}
      </a>
    ),
  },
  { key: 'number', title: '№', cell: ({ number }) => number },
  { key: 'issued', title: 'Выставлена', cell: ({ issuedAt }) => formatNumericDate(issuedAt, zone) },
  { key: 'charged', title: 'Начислено за месяц', numeric: true, cell: ({ charged }) => <Money amount={charged} /> },
];

/** What became of a document since: not for a former payer. */
const SINCE: readonly Column<DocumentHead>[] = [
  {
    key: 'left',
    title: 'Осталось заплатить',
    numeric: true,
    cell: (document) => (document.state === 'withdrawn' ? '—' : <Money amount={left(document)} />),
  },
  { key: 'state', title: 'Состояние', cell: (document) => <DocumentState document={document} /> },
];

interface DocumentTableProps {
  documents: readonly DocumentHead[];
  zone: string;
  /** Where the documents are for whoever looks: by default the resident's own pages. */
  base?: string;
  isPast?: boolean;
  empty?: ComponentChildren;
}

export function DocumentTable({ documents, zone, base, isPast = false, empty }: DocumentTableProps) {
  return (
    <Table
      caption="Квитанции"
      captionHidden
      columns={[
        ...columns(zone, ({ houseId, documentId }) => `${base ?? `/bills/${houseId}`}/${documentId}`),
        ...(isPast ? [] : SINCE),
      ]}
      rows={documents}
      rowKey={({ documentId }) => documentId}
      empty={empty ?? <EmptyState title="Квитанций по этому счёту ещё нет">Загрузите их файлом.</EmptyState>}
    />
  );
}

export function BillListPage({ accounts }: { accounts: readonly AccountBills[] }) {
  if (accounts.length === 0)
    return (
      <Stack>
        <PageTitle>Квитанции</PageTitle>
        <EmptyState
          title="Квитанции появятся, когда вы подключите лицевой счёт"
          action={{ href: '/accounts/connect', label: 'Подключить лицевой счёт' }}
        >
          Номер лицевого счёта есть на бумажной квитанции. Платить можно и без подключения.{' '}
          <a href="/why/account">Почему счёт не подключается</a>
        </EmptyState>
      </Stack>
    );
  return (
    <Stack>
      <PageTitle lead="Откройте квитанцию, чтобы увидеть, из чего сложилась каждая сумма.">Квитанции</PageTitle>
      {accounts.map((account) => (
        <AccountCard key={account.number} account={account} />
      ))}
    </Stack>
  );
}

function AccountCard({ account }: { account: AccountBills }) {
  const { title, sharedBy, mayPay, seenThrough, number, owed, documents, all, older } = account;
  const issuer = owed?.issuer ?? '';
  return (
    <Card
      title={title || issuer || `Лицевой счёт ${number}`}
      note={[
        `${title && issuer ? `${issuer}, л` : 'Л'}ицевой счёт ${number}`,
        ...(sharedBy ? [`Доступ даёт ${sharedBy}`] : []),
        ...(seenThrough ? [`Плательщик сменился: видны квитанции по ${formatMonth(seenThrough)}`] : []),
      ].join('. ')}
      aside={owed && <Balance owed={owed.owed} />}
    >
      <DocumentTable
        documents={documents}
        zone={owed?.zone ?? 'Europe/Moscow'}
        isPast={seenThrough !== null}
        empty={
          <EmptyState
            title="Квитанций по этому счёту ещё нет"
            action={{ href: '/why/bill', label: 'Почему нет квитанции' }}
          >
            Их размещает {issuer || 'организация, которая начисляет плату'}. Если квитанция пришла на бумаге, а здесь её
            нет, напишите организации: покажем, когда она обязана её разместить.
          </EmptyState>
        }
      />
      {(owed || all) && (
        <Actions>
          {mayPay && owed && owed.owed > 0n && (
            <ButtonLink href={`/pay?account=${owed.accountId}`}>Оплатить</ButtonLink>
          )}
          {owed && (
            <ButtonLink kind="quiet" href={`/movements/${owed.houseId}/${owed.accountId}`}>
              Движение по счёту
            </ButtonLink>
          )}
          {all && (
            <ButtonLink kind="quiet" href={all}>
              Все квитанции счёта
            </ButtonLink>
          )}
        </Actions>
      )}
      <Pager label={`Страницы квитанций по счёту ${number}`} next={older} />
    </Card>
  );
}
