import type { ComponentChildren } from 'preact';
import {
  Balance,
  EmptyState,
  formatDateTime,
  formatMonth,
  Money,
  Pager,
  PageTitle,
  Stack,
  Table,
} from '../../ui/index.ts';
import type { ListedEntry } from './queries/reading.ts';
import type { AccountOwed } from './read-accounts-owed.ts';

const WORDS: Readonly<Record<Exclude<ListedEntry['kind'], 'reversal' | 'withdrawal'>, string>> = {
  bill: 'Начислено по квитанции',
  negative_bill: 'Возврат по квитанции',
  carried: 'Долг по данным организации',
  statement: 'Оплата по данным организации',
  payment: 'Платёж через кабинет',
  voluntary: 'Добровольное страхование',
  advance: 'Зачёт переплаты',
  release: 'Оплата снята с квитанции',
};

/** What is taken back is told by where it had come from: only money goes back to the payer. */
function wordsOf({ kind, debit, credit }: ListedEntry): string {
  if (kind === 'withdrawal') return debit === 'statement' ? 'Отмена долга по данным организации' : 'Отзыв квитанции';
  if (kind !== 'reversal') return WORDS[kind];
  if (credit === 'money') return 'Возврат платежа';
  if (debit === 'charges') return 'Отмена добровольного страхования';
  return credit === 'statement' ? 'Отмена оплаты по данным организации' : 'Отмена возврата по квитанции';
}

/** How an entry changes what the payer owes, kopecks: above zero is more debt. */
function change({ debit, credit, amount }: ListedEntry): bigint {
  const side = (name: string) => (name === 'receivable' ? amount : name === 'advance' ? amount : 0n);
  return side(debit) - side(credit);
}

/** The account's ledger as a payer reads it: each movement with its sum and what it is of. */
export function Movements({
  entries,
  zone,
  documentHref,
  empty,
}: {
  entries: readonly ListedEntry[];
  zone: string;
  documentHref: (documentId: string) => string;
  empty?: ComponentChildren;
}) {
  return (
    <Table
      caption="Движение по счёту"
      captionHidden
      rows={entries}
      rowKey={(entry) => entry.entryId}
      empty={
        empty ?? <EmptyState title="Движения по счёту ещё нет">Первая запись появится с первой квитанцией.</EmptyState>
      }
      columns={[
        { key: 'at', title: 'Когда', heading: true, cell: (entry) => formatDateTime(entry.postedAt, zone) },
        {
          key: 'what',
          title: 'Что',
          cell: (entry) => (
            <span>
              {entry.documentId ? <a href={documentHref(entry.documentId)}>{wordsOf(entry)}</a> : wordsOf(entry)}
              {entry.period && `, ${formatMonth(entry.period)}`}
              {change(entry) === 0n && (
                <>
                  {': '}
                  <Money amount={entry.amount} />
                </>
              )}
            </span>
          ),
        },
        {
          key: 'debt',
          title: 'Долг вырос',
          numeric: true,
          cell: (entry) => (change(entry) > 0n ? <Money amount={change(entry)} /> : '—'),
        },
        {
          key: 'paid',
          title: 'Долг уменьшился',
          numeric: true,
          cell: (entry) => (change(entry) < 0n ? <Money amount={-change(entry)} /> : '—'),
        },
      ]}
    />
  );
}

export interface MovementsView {
  owed: AccountOwed;
  number: string;
  entries: readonly ListedEntry[];
  /** The last entry shown, when there are older ones. */
  older: string | null;
}

interface MovementsPageProps extends MovementsView {
  name: string;
  path: string;
  /** Where the documents of the account are for whoever looks. */
  base: string;
  children?: ComponentChildren;
}

/** The balance of an account and every entry that made it. */
export function MovementsPage({ owed, number, entries, older, name, path, base, children }: MovementsPageProps) {
  return (
    <Stack>
      <PageTitle
        kicker={`${owed.issuer}, лицевой счёт ${number}`}
        lead="Каждая квитанция, оплата и поправка, из которых сложился долг или переплата. Сумма строк всегда равна остатку."
      >
        {name ? `Движение по счёту «${name}»` : 'Движение по счёту'}
      </PageTitle>
      <p>
        Сейчас: <Balance owed={owed.owed} />
      </p>
      {children}
      <Movements entries={entries} zone={owed.zone} documentHref={(documentId) => `${base}/${documentId}`} />
      <Pager label="Страницы движения" next={older ? `${path}?after=${older}` : undefined} />
    </Stack>
  );
}
