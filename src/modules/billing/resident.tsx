import type { FastifyInstance } from 'fastify';
import { sendPage } from '../../pages/page.tsx';
import { personOf, type SignedIn } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { NotFound } from '../../platform/errors.ts';
import { idParam } from '../../platform/http/forms.ts';
import { type AccountId, type DocumentId, type HouseId, isUuid } from '../../platform/ids.ts';
import { addMonths, type Day, firstDay, type Month, monthOf, parseDay } from '../../platform/month.ts';
import { formatMonth } from '../../ui/index.ts';
import {
  type FormerAccount,
  formerAccounts,
  type HeldShare,
  readAccounts,
  recordShareLook,
  recordShareLooks,
  shareInWords,
  type UsableAccount,
  usableAccounts,
} from '../accounts/index.ts';
import { access } from './access.ts';
import { type AccountBills, BillListPage } from './bill-list-page.tsx';
import { BillPage, type BillView } from './bill-page.tsx';
import { MovementsPage } from './movements-page.tsx';
import { type Document, type DocumentKey, selectDocumentHeads } from './queries/reading.ts';
import { hasSeen, noteSeen } from './queries/views.ts';
import { readAccountsOwed } from './read-accounts-owed.ts';
import { viewBill } from './view-bill.ts';
import { viewMovements } from './view-movements.ts';

const PAGE = 12;
/** Of each account while several are shown: the page stays short on a phone. */
const LATEST = 3;

/** The last row seen, in the address: "2025-11-01_2025-12-01T09:00:00.000Z_<id>". Anything else is the first page. */
function readKey(text: string | undefined): DocumentKey | null {
  const [period = '', issued = '', documentId = ''] = (text ?? '').split('_');
  const issuedAt = new Date(issued);
  // Both are looked at whole: PostgreSQL refuses a statement with a day or a time that cannot be.
  if (!parseDay(period) || !parseDay(issued) || Number.isNaN(issuedAt.getTime()) || !isUuid(documentId)) return null;
  return { period, issuedAt, documentId: documentId as DocumentId };
}

type OfBills = Pick<UsableAccount, 'houseId' | 'accountId' | 'title' | 'share'> &
  Partial<Pick<FormerAccount, 'seenThrough' | 'changedAt'>>;

/** Accounts whose bills the person may open now: of one's own for a confirmed identity alone, as they were connected; a helper needs none. */
async function readUsable({ db, clock }: Context, { personId, confirmed }: SignedIn) {
  const usable = await usableAccounts(db, personId, 'see', clock());
  return confirmed ? usable : usable.filter(({ share }) => share !== null);
}

/** Those, and the accounts of which the person was the payer. One that is both is usable. */
async function readOpenable(context: Context, person: SignedIn) {
  const [usable, former] = await Promise.all([
    readUsable(context, person),
    person.confirmed ? formerAccounts(context.db, person.personId) : [],
  ]);
  const now = new Set(usable.map(({ accountId }) => accountId));
  return { usable, former: former.filter(({ accountId }) => !now.has(accountId)) };
}

/** A former payer's list begins with the last month that was theirs: past every key of it. */
function withinSeen(after: DocumentKey | null, seenThrough: Day | undefined): DocumentKey | null {
  if (!seenThrough || (after && after.period < seenThrough)) return after;
  const next = firstDay(addMonths(monthOf(seenThrough), 1));
  return { period: next, issuedAt: new Date(0), documentId: '00000000-0000-0000-0000-000000000000' as DocumentId };
}

async function readBills(context: Context, person: SignedIn, query: { account?: string; after?: string }) {
  const { usable, former } = await readOpenable(context, person);
  const links: OfBills[] = [...usable, ...former.map((one) => ({ ...one, share: null }))];
  const shown = query.account ? links.filter(({ accountId }) => accountId === query.account) : links;
  if (query.account && shown.length === 0) throw new NotFound();
  await recordShareLooks(context.db, shown, { kind: 'bills', what: 'список квитанций' }, context.clock());
  const houses = Map.groupBy(shown, ({ houseId }) => houseId);
  const [owed, cards] = await Promise.all([
    readAccountsOwed(
      context.db,
      shown.filter(({ seenThrough }) => !seenThrough),
      context.clock(),
    ),
    Promise.all(
      [...houses].map(([houseId, of]) =>
        readAccounts(
          context.db,
          houseId,
          of.map(({ accountId }) => accountId),
        ),
      ),
    ),
  ]);
  const numbers = new Map(cards.flat().map(({ accountId, number }) => [accountId, number]));
  const after = query.account ? readKey(query.after) : null;
  const size = shown.length > 1 ? LATEST : PAGE;
  const accounts = await Promise.all(
    shown.map(async (link): Promise<AccountBills> => {
      const from = withinSeen(after, link.seenThrough);
      const rows = await selectDocumentHeads(context.db, link.houseId, link.accountId, {
        after: from,
        limit: size + 1,
        issuedBefore: link.changedAt,
      });
      const last = rows.length > size ? rows[size - 1] : undefined;
      const ofAccount = `/bills?account=${link.accountId}`;
      return {
        title: link.title,
        sharedBy: link.share && shareInWords(link.share),
        mayPay: mayPay(link.share),
        seenThrough: link.seenThrough ? (link.seenThrough.slice(0, 7) as Month) : null,
        number: numbers.get(link.accountId) ?? '',
        owed: owed.find(({ accountId }) => accountId === link.accountId) ?? null,
        documents: rows.slice(0, size),
        ...(last && shown.length > 1 ? { all: ofAccount } : {}),
        ...(last && shown.length === 1
          ? { older: `${ofAccount}&after=${last.period}_${last.issuedAt.toISOString()}_${last.documentId}` }
          : {}),
      };
    }),
  );
  return accounts.sort(byHome);
}

/** The accounts of a home stay together, in one order each time; those of a former payer come last. */
const byHome = (a: AccountBills, b: AccountBills): number =>
  Number(a.seenThrough !== null) - Number(b.seenThrough !== null) ||
  a.title.localeCompare(b.title, 'ru') ||
  (a.owed?.issuer ?? '').localeCompare(b.owed?.issuer ?? '', 'ru') ||
  a.number.localeCompare(b.number, 'ru', { numeric: true });

const isOfPast = ({ period, issuedAt }: Document, { seenThrough, changedAt }: FormerAccount): boolean =>
  period <= seenThrough && issuedAt < changedAt;

const mayPay = (share: HeldShare | null): boolean => share === null || share.rights.includes('pay');

/** The numbers by which an account is connected are the owner's. */
const forHelper = (view: BillView, share: HeldShare): BillView => ({
  ...view,
  helper: { mayPay: mayPay(share) },
  document: { ...view.document, els: '', serviceId: '', uid: '' },
});

/** Its withdrawal is theirs to know, the bill that took its place is not. */
function asOfPast(view: BillView, { changedAt }: FormerAccount): BillView {
  const { withdrawnAt, replacedById } = view.document;
  const isKnown = withdrawnAt !== null && withdrawnAt < changedAt;
  return { ...view, document: { ...view.document, replacedById: isKnown ? replacedById : null }, isPast: true };
}

/** Residents' bills: the list by account, and one bill line by line. */
export function registerBills(app: FastifyInstance, context: Context): void {
  const config = { access: access.readOwnBills, sensitive: true };
  const home = { label: 'Личный кабинет', href: '/' };

  app.get('/bills', { config }, async (request, reply) => {
    const accounts = await readBills(context, personOf(request.actor), request.query as Record<string, string>);
    const one = accounts.length === 1 && (request.query as { account?: string }).account ? accounts[0] : undefined;
    const breadcrumbs = one
      ? [home, { label: 'Квитанции', href: '/bills' }, { label: `Счёт ${one.number}` }]
      : [home, { label: 'Квитанции' }];
    return sendPage(
      request,
      reply,
      { title: 'Квитанции', active: '/bills', breadcrumbs },
      <BillListPage accounts={accounts} />,
    );
  });

  app.get('/bills/:houseId/:documentId', { config }, async (request, reply) => {
    const houseId = idParam<HouseId>(request.params, 'houseId');
    const documentId = idParam<DocumentId>(request.params, 'documentId');
    const person = personOf(request.actor);
    const { personId } = person;
    const [{ usable, former }, isSeen] = await Promise.all([
      readOpenable(context, person),
      hasSeen(context.db, personId, documentId),
    ]);
    const mine = [...usable, ...former].filter((link) => link.houseId === houseId).map(({ accountId }) => accountId);
    const view = await viewBill(context, houseId, mine, documentId);
    const past = former.find(({ accountId }) => accountId === view.document.accountId);
    if (past && !isOfPast(view.document, past)) throw new NotFound();
    const share = usable.find(({ accountId }) => accountId === view.document.accountId)?.share;
    if (share) {
      const use = { kind: 'bill' as const, thingId: documentId, what: `за ${formatMonth(view.document.period)}` };
      await recordShareLook(context.db, share, use, context.clock());
    }
    if (!isSeen) await noteSeen(context.db, { personId, houseId, documentId }, context.clock());
    const title = `Квитанция за ${formatMonth(view.document.period)}`;
    const breadcrumbs = [home, { label: 'Квитанции', href: '/bills' }, { label: formatMonth(view.document.period) }];
    return sendPage(
      request,
      reply,
      { title, active: '/bills', breadcrumbs },
      <BillPage {...(past ? asOfPast(view, past) : share ? forHelper(view, share) : view)} />,
    );
  });

  app.get('/movements/:houseId/:accountId', { config }, async (request, reply) => {
    const houseId = idParam<HouseId>(request.params, 'houseId');
    const accountId = idParam<AccountId>(request.params, 'accountId');
    const links = await readUsable(context, personOf(request.actor));
    const link = links.find((one) => one.houseId === houseId && one.accountId === accountId);
    if (!link) throw new NotFound();
    if (link.share) {
      const use = { kind: 'bills' as const, thingId: houseId, what: 'движение' };
      await recordShareLook(context.db, link.share, use, context.clock());
    }
    const view = await viewMovements(context, {
      houseId,
      accountId,
      after: (request.query as { after?: string }).after,
    });
    const breadcrumbs = [home, { label: 'Квитанции', href: '/bills' }, { label: 'Движение по счёту' }];
    return sendPage(
      request,
      reply,
      { title: 'Движение по счёту', active: '/bills', breadcrumbs },
      <MovementsPage
        {...view}
        name={link.title}
        path={`/movements/${houseId}/${accountId}`}
        base={`/bills/${houseId}`}
      />,
    );
  });
}
