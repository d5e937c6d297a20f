import type { Db } from '../../platform/database/database.ts';
import type { AccountId, HouseId, OrganisationId, PersonId, RequisiteId } from '../../platform/ids.ts';
import { type Kopecks, ZERO } from '../../platform/money.ts';
import type { Day } from '../../platform/month.ts';
import { type AccountCard, type HeldShare, KIND_WORDS, readAccounts, usableAccounts } from '../accounts/index.ts';
import { readAccountsOwed } from '../billing/index.ts';
import { premisesLabel, readHome } from '../houses/index.ts';
import { listRequisites, readRequisites } from '../organisations/index.ts';
import { isPayable } from './order.ts';
import { readShops } from './read-shops.ts';

/** What may be paid: an account towards one set of requisites. */
export interface Payable {
  houseId: HouseId;
  accountId: AccountId;
  requisiteId: RequisiteId;
  recipientId: OrganisationId;
  recipient: RecipientWords;
  splitAccount: string | null;
  accountNumber: string;
  /** «Капитальный ремонт» and the like. */
  kind: string;
  /** The payer's own name of the account, or empty. */
  title: string;
  address: string;
  /** Above zero is a debt, below zero is paid ahead. */
  owed: Kopecks;
  /** By when the account's latest bill is to be paid. */
  dueDay: Day | null;
  /** Of the account, over all its recipients. */
  overdue: boolean;
  /** Whether money for this recipient is taken here. */
  payable: boolean;
  /** Of somebody else's account that the person may pay for; null for one's own, and for what a number names. */
  share: HeldShare | null;
}

export interface RecipientWords {
  name: string;
  inn: string;
  kpp: string;
  bik: string;
  bankAccount: string;
  bankName: string | null;
  correspondentAccount: string | null;
}

interface Wanted {
  houseId: HouseId;
  accountId: AccountId;
  title: string;
  share?: HeldShare | null;
}

/** Of all accounts that the person has connected or may pay for, debts first. */
export async function readOwnPayables(db: Db, personId: PersonId, now: Date): Promise<Payable[]> {
  const payables = await readPayables(db, await usableAccounts(db, personId, 'pay', now), now);
  return payables.sort((a, b) => Number(b.owed > 0n) - Number(a.owed > 0n));
}

/** Each house is asked by itself; recipients are reference rows and are read at once. */
export async function readPayables(db: Db, wanted: readonly Wanted[], now: Date): Promise<Payable[]> {
  const byHouse = Map.groupBy(wanted, ({ houseId }) => houseId);
  // A transaction has one connection: its houses are read in turn. Outside one they go side by side.
  const houses = db.isTransaction
    ? await inTurn([...byHouse], ([houseId, accounts]) => readOfHouse(db, houseId, accounts, now))
    : await Promise.all([...byHouse].map(([houseId, accounts]) => readOfHouse(db, houseId, accounts, now)));
  const drafts = houses.flat();
  const cards = await readRequisites(db, [...new Set(drafts.map(({ requisiteId }) => requisiteId))]);
  const shops = await readShops(
    db,
    cards.map(({ organisationId }) => organisationId),
  );
  const byId = new Map(cards.map((card) => [card.requisiteId, card]));
  return drafts.flatMap((draft) => {
    const card = byId.get(draft.requisiteId);
    if (!card) return [];
    const { organisationId: recipientId, splitAccount, recipient: name, inn, kpp, bik } = card;
    const { bankAccount, bankName, correspondentAccount } = card;
    const recipient = { name, inn, kpp, bik, bankAccount, bankName, correspondentAccount };
    return [
      { ...draft, recipientId, recipient, splitAccount, payable: isPayable({ recipientId, splitAccount }, shops) },
    ];
  });
}

async function inTurn<T, R>(list: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of list) results.push(await work(item));
  return results;
}

type Draft = Omit<Payable, 'recipientId' | 'recipient' | 'splitAccount' | 'payable'>;

async function readOfHouse(db: Db, houseId: HouseId, wanted: readonly Wanted[], now: Date): Promise<Draft[]> {
  const ids = wanted.map(({ accountId }) => accountId);
  const accounts = await readAccounts(db, houseId, ids);
  const owed = await readAccountsOwed(db, wanted, now);
  const home = await readHome(
    db,
    houseId,
    accounts.flatMap(({ places }) => places.map(({ premisesId }) => premisesId)),
  );
  const labels = new Map(home?.premises.map((premises) => [premises.premisesId, premisesLabel(premises)]));
  const drafts = await inTurn(accounts, async (account): Promise<Draft[]> => {
    const flats = account.places.map(({ premisesId }) => labels.get(premisesId)).filter(Boolean);
    const known = owed.find(({ accountId }) => accountId === account.accountId);
    const share = wanted.find(({ accountId }) => accountId === account.accountId)?.share ?? null;
    const own = {
      share,
      houseId,
      accountId: account.accountId,
      accountNumber: account.number,
      kind: KIND_WORDS[account.kind],
      title: wanted.find(({ accountId }) => accountId === account.accountId)?.title ?? '',
      address: [home?.house.shortAddress, ...flats].filter(Boolean).join(', '),
    };
    const due = { dueDay: known?.dueDay ?? null, overdue: known?.overdue ?? false };
    if (known && known.requisites.length > 0)
      return known.requisites.map((one) => ({ ...own, ...due, requisiteId: one.requisiteId, owed: one.owed }));
    const requisiteId = await usualRequisite(db, account);
    return requisiteId ? [{ ...own, ...due, requisiteId, owed: ZERO }] : [];
  });
  return drafts.flat();
}

/** Nothing was billed yet: the newest set of requisites of the provider takes what is paid ahead. */
async function usualRequisite(db: Db, account: AccountCard): Promise<RequisiteId | null> {
  return (await listRequisites(db, account.providerId)).at(-1)?.requisite_id ?? null;
}

/** For somebody who has named a number and nothing more: enough to see a mistake, too little to learn an address. */
export const maskAddress = (address: string): string => address.replace(/\d+\p{L}?/gu, '••');
