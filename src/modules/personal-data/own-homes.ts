import type { MineAtHouse } from '../../platform/audit/audit.ts';
import type { Db } from '../../platform/database/database.ts';
import type { PersonId } from '../../platform/ids.ts';
import { readAccounts } from '../accounts/index.ts';
import { readLinks } from '../connections/index.ts';

/**
 * Accounts that the person has or had as their own: who looked at a shared one is its owner's to know. With their
 * premises and houses, each with the time in which it was theirs to see.
 */
export async function readOwnHomes(db: Db, personId: PersonId): Promise<MineAtHouse[]> {
  const links = (await readLinks(db, personId)).flatMap((link) => {
    if (link.proof === 'share') return [];
    const since = link.connected_at ?? (link.state === 'connected' ? link.changed_at : null);
    return since ? [{ ...link, since, until: link.state === 'connected' ? null : link.changed_at }] : [];
  });
  const byHouse = Map.groupBy(links, (link) => link.house_id);
  return Promise.all(
    Array.from(byHouse, async ([houseId, here]) => {
      const cards = await readAccounts(
        db,
        houseId,
        here.map((link) => link.account_id),
      );
      const placesOf = new Map(cards.map(({ accountId, places }) => [accountId, places]));
      const mine = here.flatMap(({ account_id, since, until }) =>
        [account_id, houseId, ...(placesOf.get(account_id) ?? []).map(({ premisesId }) => premisesId)].map(
          (aboutId) => ({
            aboutId: aboutId as string,
            since,
            until,
          }),
        ),
      );
      return { houseId, mine: united(mine), providers: [...new Set(here.map((link) => link.provider_id))] };
    }),
  );
}

/** One stretch of time for each thing: two accounts of one flat tell of its looks once. */
function united(mine: MineAtHouse['mine']): MineAtHouse['mine'] {
  const all = new Map<string, MineAtHouse['mine'][number]>();
  for (const one of mine) {
    const known = all.get(one.aboutId);
    all.set(
      one.aboutId,
      known
        ? {
            aboutId: one.aboutId,
            since: known.since < one.since ? known.since : one.since,
            until: known.until && one.until ? (known.until > one.until ? known.until : one.until) : null,
          }
        : one,
    );
  }
  return [...all.values()];
}
