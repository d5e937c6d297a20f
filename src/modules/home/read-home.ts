import type { SignedIn } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import type { Db } from '../../platform/database/database.ts';
import type { HouseId } from '../../platform/ids.ts';
import { addMonths, type Day, dayIn, type Month } from '../../platform/month.ts';
import { contractOf, rulesOf } from '../../platform/rules/rules.ts';
import { recordShareLooks, SHARE_RIGHT_NAMES, type ShareRight, shareInWords } from '../accounts/index.ts';
import { readAccountsOwed } from '../billing/index.ts';
import { type Home, readHome } from '../houses/index.ts';
import { countUnsent, type Unsent } from '../meters/index.ts';
import { type AccountAtHome, gatherPlaces, type Headline, type HomePlace, headlineOf } from './home.ts';
import { type HomeAccount, type RefusedMailbox, selectAccountsAtHome, selectLinksAtHome } from './queries.ts';

export interface HomeView {
  /** Of the accounts that the person may pay, or of all when there are none. */
  headline: Headline;
  /** What the person may do with any of the accounts: everything with their own, the rights of a share with somebody else's. */
  may: ReadonlySet<ShareRight>;
  places: HomePlace[];
  /** Claims to connect that wait for an organisation. */
  pending: number;
  /** Devices that the person may send readings of, and those whose values are wanted now. */
  meters: Unsent;
  /** Appeals with something that the person has not opened. */
  unreadAppeals: number;
  /** Where letters do not reach the person; null while they do. */
  refused: RefusedMailbox | null;
}

/**
 * The home page in few statements: the person's links beside the unread appeals; then each house in parallel (its debts, its accounts with their devices, then the
 * house with the premises they are for), the rules of due days beside them. 3 + 3 × houses in all, in three steps after the session's.
 */
export async function readHomeView(context: Context, person: SignedIn): Promise<HomeView> {
  const { db } = context;
  const now = context.clock();
  const { links, unreadAppeals, refused } = await selectLinksAtHome(db, person.personId);
  const connected = links
    .filter(({ state, ends_at }) => state === 'connected' || (state === 'shared' && (!ends_at || ends_at > now)))
    .reverse();
  const byHouse = Map.groupBy(connected, (link) => link.house_id);
  const asked = connected.map((link) => ({ houseId: link.house_id, accountId: link.account_id }));
  const [owed, ...houses] = await Promise.all([
    readAccountsOwed(db, asked, now),
    ...[...byHouse].map(([houseId, own]) => readHouse(db, houseId, own, now)),
  ]);
  const cards = new Map(houses.flatMap(({ cards: own }) => own).map((card) => [card.accountId, card]));
  const debts = new Map(owed.map((one) => [one.accountId, one]));
  const accounts = connected.flatMap((link): AccountAtHome[] => {
    const [card, debt] = [cards.get(link.account_id), debts.get(link.account_id)];
    if (!card || !debt) return [];
    return [
      {
        linkId: link.link_id,
        title: link.title,
        providerId: link.provider_id,
        card,
        owed: debt,
        sharedBy: link.state === 'shared' ? sharedWords(link) : null,
      },
    ];
  });
  const helped = connected.map(({ account_id: accountId, state, owner_id, share_id }) => ({
    accountId,
    share: state === 'shared' ? { ownerId: owner_id!, shareId: share_id! } : null,
  }));
  await recordShareLooks(
    db,
    helped,
    { kind: 'bills', thingId: person.personId, what: 'долг на главной странице' },
    now,
  );
  // What somebody else lets the person see only is not theirs to pay: the sum at the top is what «Оплатить» leads to.
  const isPayable = new Set(connected.filter((link) => rightsOf(link).includes('pay')).map((link) => link.account_id));
  const payable = owed.filter(({ accountId }) => isPayable.has(accountId));
  const homes = new Map(houses.flatMap(({ home }) => (home ? [[home.house.houseId, home] as const] : [])));
  return {
    headline: headlineOf(payable.length > 0 ? payable : owed, now),
    may: new Set(connected.flatMap(rightsOf)),
    places: gatherPlaces(accounts, homes, person),
    pending: links.filter(({ state }) => state === 'pending').length,
    meters: sumUnsent(houses.flatMap(({ meters }) => (meters ? [meters] : []))),
    unreadAppeals,
    refused,
  };
}

type LinkAtHome = Awaited<ReturnType<typeof selectLinksAtHome>>['links'][number];

const rightsOf = ({ state, rights }: LinkAtHome): readonly ShareRight[] =>
  state === 'connected' ? SHARE_RIGHT_NAMES : (rights ?? []);

const sharedWords = ({ owner_name, rights, until }: LinkAtHome): string =>
  shareInWords({ ownerName: owner_name ?? '', rights: rights ?? [], until });

/** A window that takes values now began two months ago at the earliest. */
const TAKEN_SINCE = -2;

async function readHouse(
  db: Db,
  houseId: HouseId,
  links: readonly LinkAtHome[],
  now: Date,
): Promise<{ cards: HomeAccount[]; home: Home | null; meters: Unsent | null }> {
  const providers = [...new Set(links.map((link) => link.provider_id))];
  const rows = await selectAccountsAtHome(
    db,
    houseId,
    links.map((link) => link.account_id),
    addMonths(now.toISOString().slice(0, 7) as Month, TAKEN_SINCE),
    providers.flatMap((id) => [`organisation:${id}`, `contract:${contractOf(id, houseId)}`]),
  );
  const cards = rows.map(({ account }) => account);
  const premises = [...new Set(cards.flatMap((card) => card.places.slice(0, 1).map((place) => place.premisesId)))];
  const home = await readHome(db, houseId, premises);
  const isMeant = new Set(links.filter((link) => rightsOf(link).includes('readings')).map((link) => link.account_id));
  const devices = rows
    .filter(({ account }) => isMeant.has(account.accountId))
    .flatMap(({ account: { providerId }, devices: own }) => own.map((device) => ({ ...device, providerId })));
  if (!home || devices.length === 0) return { cards, home, meters: null };
  const rules = rulesOf(rows.flatMap(({ windows }) => windows));
  return { cards, home, meters: countUnsent(rules, home.house, devices, dayIn(home.house.zone, now)) };
}

const sumUnsent = (houses: readonly Unsent[]): Unsent => ({
  wanted: houses.reduce((total, { wanted }) => total + wanted, 0),
  devices: houses.reduce((total, { devices }) => total + devices, 0),
  until: houses.flatMap(({ until }): Day[] => (until ? [until] : [])).sort()[0] ?? null,
});
