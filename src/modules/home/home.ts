import type { HouseId, LinkId, OrganisationId } from '../../platform/ids.ts';
import { type Kopecks, kopecks, sum, ZERO } from '../../platform/money.ts';
import { type Day, dayIn } from '../../platform/month.ts';
import type { AccountOwed } from '../billing/index.ts';
import { type Home, premisesLabel, type Standing, standingOf } from '../houses/index.ts';
import type { HomeAccount } from './queries.ts';

/** An account on the home page: what it is and what it owes. */
export interface AccountAtHome {
  linkId: LinkId;
  /** The person's own name for it, or empty. */
  title: string;
  providerId: OrganisationId;
  card: HomeAccount;
  owed: AccountOwed;
  /** Of somebody else's account: «Мария Д., до 31.12.2026, смотреть»; null for one's own. */
  sharedBy: string | null;
}

/** Premises with the accounts that are paid for them, or a house where accounts name no premises. */
export interface HomePlace {
  key: string;
  house: Home['house'];
  manager: string | null;
  premises: Home['premises'][number] | null;
  /** «ул. Лескова, д. 12, кв. 7», or the name that the person gave. */
  title: string;
  /** The address, when the title is the person's own. */
  address: string | null;
  /** Null when every account of the place is somebody else's. */
  standing: Standing | null;
  accounts: AccountAtHome[];
}

/** What the person came for: how much, by when. */
export interface Headline {
  /** The debts, not lowered by advances: an advance with one provider pays no other. */
  toPay: Kopecks;
  /** Above zero; what was paid ahead. */
  advance: Kopecks;
  /** Accounts with a debt. */
  debts: number;
  /** The earliest day to pay by that has not passed. */
  payBy: Day | null;
  /** The earliest day to pay by that has passed with the debt unpaid. */
  overdueSince: Day | null;
  /** Whose figures these are, and the instant and zone of the newest. */
  issuers: string[];
  updated: { at: Date; zone: string } | null;
  /** No account has a bill yet. */
  isEmpty: boolean;
}

const earliest = (days: readonly Day[]): Day | null => [...days].sort()[0] ?? null;

export function headlineOf(accounts: readonly AccountOwed[], now: Date): Headline {
  const owing = accounts.filter(({ owed }) => owed > 0n);
  const shown = owing.length > 0 ? owing : accounts;
  const latest = shown.flatMap((account) => (account.latest ? [{ ...account.latest, zone: account.zone }] : []));
  latest.sort((a, b) => b.issuedAt.getTime() - a.issuedAt.getTime());
  return {
    toPay: sum(owing.map(({ owed }) => owed)),
    advance: kopecks(-accounts.reduce((total, { owed }) => (owed < 0n ? total + owed : total), 0n)),
    debts: owing.length,
    payBy: earliest(owing.flatMap(({ dueDay, zone }) => (dueDay && dueDay >= dayIn(zone, now) ? [dueDay] : []))),
    overdueSince: earliest(
      owing.flatMap(({ overdue, oldestDueDay }) => (overdue && oldestDueDay ? [oldestDueDay] : [])),
    ),
    issuers: [...new Set(latest.map(({ issuer }) => issuer))],
    updated: latest[0] ? { at: latest[0].issuedAt, zone: latest[0].zone } : null,
    isEmpty: accounts.every(({ latest: bill, owed }) => bill === null && owed === ZERO),
  };
}

/**
 * Accounts gathered by the premises they are paid for, debts first. An account of several premises stands under the first: it is one
 * debt and must not be read twice.
 */
export function gatherPlaces(
  accounts: readonly AccountAtHome[],
  homes: ReadonlyMap<HouseId, Home>,
  person: { snils: string | null; confirmed: boolean },
): HomePlace[] {
  const groups = new Map<string, AccountAtHome[]>();
  for (const account of accounts) {
    const key = `${account.card.houseId} ${account.card.places[0]?.premisesId ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), account]);
  }
  const places = [...groups].flatMap(([key, group]): HomePlace[] => {
    const { card } = group[0]!;
    const home = homes.get(card.houseId);
    return home ? [placeOf(key, group, home, person)] : [];
  });
  const debt = (place: HomePlace) =>
    place.accounts.reduce((total, { owed }) => (owed.owed > 0n ? total + owed.owed : total), 0n);
  return places.sort((a, b) => (debt(a) === debt(b) ? 0 : debt(a) > debt(b) ? -1 : 1));
}

function placeOf(
  key: string,
  accounts: AccountAtHome[],
  home: Home,
  person: { snils: string | null; confirmed: boolean },
): HomePlace {
  const premisesId = accounts[0]!.card.places[0]?.premisesId;
  const premises = home.premises.find((one) => one.premisesId === premisesId) ?? null;
  const address = [home.house.shortAddress, premises && premisesLabel(premises)].filter(Boolean).join(', ');
  const titles = [...new Set(accounts.map(({ title }) => title))];
  const own = titles.length === 1 ? titles[0]! : '';
  return {
    key,
    house: home.house,
    manager: home.manager,
    premises,
    title: own || address,
    address: own ? address : null,
    standing: accounts.every(({ sharedBy }) => sharedBy !== null)
      ? null
      : standingOf(person, premises?.owners ?? [], {
          isTenant: accounts.some(({ card, sharedBy }) => card.isTenant && sharedBy === null),
        }),
    accounts,
  };
}

/** What is known of premises: their own card first, else what a provider says in its account. */
export function figuresOf({ premises, accounts }: HomePlace) {
  const first = <T>(pick: (card: HomeAccount) => T | null) =>
    accounts.flatMap((account) => {
      const value = pick(account.card);
      return value === null ? [] : [{ value, issuer: account.owed.issuer }];
    })[0] ?? null;
  const own = <T>(value: T | null | undefined) =>
    value === null || value === undefined ? null : { value, issuer: null };
  return {
    totalArea: own(premises?.totalArea) ?? first((card) => card.totalArea),
    livingArea: own(premises?.livingArea) ?? first((card) => card.livingArea),
    residents: first((card) => card.residents),
  };
}
