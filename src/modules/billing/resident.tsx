import type { FastifyInstance } from 'fastify';
import { sendPage } from '../../pages/page.tsx';
import { personOf } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { NotFound } from '../../platform/errors.ts';
import { idParam } from '../../platform/http/forms.ts';
import { type AccountId, type DocumentId, type HouseId, isUuid, type PersonId } from '../../platform/ids.ts';
import { dayIn, type Month } from '../../platform/month.ts';
import { formatMonth } from '../../ui/index.ts';
import { type ConnectedAccount, connectedAccounts, readAccounts } from '../accounts/index.ts';
import { access } from './access.ts';
import { type AccountBills, BillListPage } from './bill-list-page.tsx';
import { BillPage, type BillView } from './bill-page.tsx';
import { loadDueDays } from './due-day.ts';
import { explainPenalty } from './explain-penalty.ts';
import { type DocumentKey, selectDocument, selectDocumentHeads } from './queries/reading.ts';
import { readAccountsOwed } from './read-accounts-owed.ts';

const PAGE = 12;

/** The last row seen, in the address: "2025-11-01_2025-12-01T09:00:00.000Z_<id>". Anything else is the first page. */
function readKey(text: string | undefined): DocumentKey | null {
  const [period = '', issued = '', documentId = ''] = (text ?? '').split('_');
  const issuedAt = new Date(issued);
  if (!/^\d{4}-\d{2}-01$/.test(period) || Number.isNaN(issuedAt.getTime()) || !isUuid(documentId)) return null;
  return { period, issuedAt, documentId: documentId as DocumentId };
}

async function readBills(context: Context, personId: PersonId, query: { account?: string; after?: string }) {
  const links = await connectedAccounts(context.db, personId);
  const shown = query.account ? links.filter(({ accountId }) => accountId === query.account) : links;
  if (query.account && shown.length === 0) throw new NotFound();
  const houses = Map.groupBy(shown, ({ houseId }) => houseId);
  const [owed, cards] = await Promise.all([
    readAccountsOwed(context.db, shown, context.clock()),
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
  return Promise.all(
    shown.map(async (link: ConnectedAccount): Promise<AccountBills> => {
      const rows = await selectDocumentHeads(context.db, link.houseId, link.accountId, { after, limit: PAGE + 1 });
      const last = rows.length > PAGE ? rows[PAGE - 1] : undefined;
      return {
        title: link.title,
        number: numbers.get(link.accountId) ?? '',
        owed: owed.find(({ accountId }) => accountId === link.accountId) ?? null,
        documents: rows.slice(0, PAGE),
        older:
          last &&
          `/bills?account=${link.accountId}&after=${last.period}_${last.issuedAt.toISOString()}_${last.documentId}`,
      };
    }),
  );
}

async function readBill(
  context: Context,
  personId: PersonId,
  houseId: HouseId,
  documentId: DocumentId,
): Promise<BillView> {
  const links = await connectedAccounts(context.db, personId);
  const mine = links.filter((link) => link.houseId === houseId).map(({ accountId }): AccountId => accountId);
  const document = mine.length > 0 ? await selectDocument(context.db, houseId, mine, documentId) : null;
  if (!document) throw new NotFound();
  const period = document.period.slice(0, 7) as Month;
  const place = { regionCode: document.regionCode, oktmo: document.oktmo, organisationId: document.providerId };
  const dueDay = (await loadDueDays(context.db, [{ period, place }]))(period, place);
  const today = dayIn(document.zone, context.clock());
  const base = principalLeft(document);
  const overdue = today > dueDay.day;
  const penalty =
    base > 0n && overdue
      ? await explainPenalty(context.db, {
          base,
          dueDay: dueDay.day,
          today,
          regionCode: document.regionCode,
          capitalRepair: document.body.lines.every(({ group }) => group === 'capital_repair'),
        })
      : null;
  return { document, dueDay, overdue, penalty };
}

/** Open charges of the period: the base of a penalty holds no penalties, and carried debt has due days of its own. */
function principalLeft({ dues }: BillView['document']) {
  let left = 0n;
  for (const due of dues)
    for (const line of due.lines) if (line.line > 0) left += BigInt(line.due) - BigInt(line.settled);
  return left as BillView['document']['due'];
}

/** Residents' bills: the list by account, and one bill line by line. */
export function registerBills(app: FastifyInstance, context: Context): void {
  const config = { access: access.readOwnBills, sensitive: true };
  const home = { label: 'Личный кабинет', href: '/' };

  app.get('/bills', { config }, async (request, reply) => {
    const accounts = await readBills(
      context,
      personOf(request.actor).personId,
      request.query as Record<string, string>,
    );
    const breadcrumbs = [home, { label: 'Квитанции' }];
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
    const view = await readBill(context, personOf(request.actor).personId, houseId, documentId);
    const title = `Квитанция за ${formatMonth(view.document.period)}`;
    const breadcrumbs = [home, { label: 'Квитанции', href: '/bills' }, { label: formatMonth(view.document.period) }];
    return sendPage(request, reply, { title, active: '/bills', breadcrumbs }, <BillPage {...view} />);
  });
}
