import type { SignedIn } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import type { Db } from '../../platform/database/database.ts';
import type { AccountId, HouseId } from '../../platform/ids.ts';
import { type AccountCard, readAccounts } from '../accounts/index.ts';
import { readAccountsOwed } from '../billing/index.ts';
import { readLinks } from '../connections/index.ts';
import { type Home, readHome } from '../houses/index.ts';
import { type AccountAtHome, gatherPlaces, type Headline, type HomePlace, headlineOf } from './home.ts';

export interface HomeView {
  headline: Headline;
  places: HomePlace[];
  /** Claims to connect that wait for an organisation. */
  pending: number;
}

/**
 * The home page in few statements: the person's links; then each house in parallel (its debts, its accounts, then the house with the
 * premises they are for), the rules of due days beside them. 3 + 3 × houses in all, in three steps after the session's.
 */
export async function readHomeView(context: Context, person: SignedIn): Promise<HomeView> {
  const { db } = context;
  const now = context.clock();
  const links = await readLinks(db, person.personId);
  const connected = links.filter(({ state }) => state === 'connected').reverse();
  const byHouse = Map.groupBy(connected, (link) => link.house_id);
  const asked = connected.map((link) => ({ houseId: link.house_id, accountId: link.account_id }));
  const [owed, ...houses] = await Promise.all([
    readAccountsOwed(db, asked, now),
    ...[...byHouse].map(([houseId, own]) =>
      readHouse(
        db,
        houseId,
        own.map((link) => link.account_id),
      ),
    ),
  ]);
  const cards = new Map(houses.flatMap(({ cards: own }) => own).map((card) => [card.accountId, card]));
  const debts = new Map(owed.map((one) => [one.accountId, one]));
  const accounts = connected.flatMap((link): AccountAtHome[] => {
    const [card, debt] = [cards.get(link.account_id), debts.get(link.account_id)];
    if (!card || !debt) return [];
    return [{ linkId: link.link_id, title: link.title, providerId: link.provider_id, card, owed: debt }];
  });
  const homes = new Map(houses.flatMap(({ home }) => (home ? [[home.house.houseId, home] as const] : [])));
  return {
    headline: headlineOf(owed, now),
    places: gatherPlaces(accounts, homes, person),
    pending: links.filter(({ state }) => state === 'pending').length,
  };
}

async function readHouse(
  db: Db,
  houseId: HouseId,
  accountIds: readonly AccountId[],
): Promise<{ cards: AccountCard[]; home: Home | null }> {
  const cards = await readAccounts(db, houseId, accountIds);
  const premises = [...new Set(cards.flatMap((card) => card.places.slice(0, 1).map((place) => place.premisesId)))];
  return { cards, home: await readHome(db, houseId, premises) };
}
