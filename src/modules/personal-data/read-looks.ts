import {
  homeLooks,
  homeViewers,
  type Looked,
  type LookFilter,
  personLooks,
  personViewers,
} from '../../platform/audit/audit.ts';
import type { Db } from '../../platform/database/database.ts';
import type { OrganisationId, PersonId } from '../../platform/ids.ts';
import { readOrganisations } from '../organisations/index.ts';
import { readOwnHomes } from './own-homes.ts';

export interface LooksPage {
  looks: readonly Looked[];
  /** The key of the next page. */
  next: string | null;
  names: ReadonlyMap<OrganisationId, string>;
}

/**
 * A page of looks at the person's data, newest first: at what is theirs by name, and at the accounts that they have. The person's own rows
 * and each house are asked apart and put together by key, so that no statement is of two of them.
 */
export async function readLooks(db: Db, personId: PersonId, filter: LookFilter): Promise<LooksPage> {
  const homes = await readOwnHomes(db, personId);
  const more = { ...filter, limit: filter.limit + 1 };
  const [viewers, ...sources] = await Promise.all([
    Promise.all([personViewers(db, personId), ...homes.map((home) => homeViewers(db, home))]),
    personLooks(db, personId, more),
    ...homes.map((home) => homeLooks(db, home, more)),
  ]);
  const sorted = sources.flat().sort((a, b) => (a.lookId < b.lookId ? 1 : -1));
  const looks = sorted.slice(0, filter.limit);
  const organisations = await readOrganisations(db, [...new Set(viewers.flat())]);
  return {
    looks,
    next: sorted.length > filter.limit ? looks.at(-1)!.lookId : null,
    names: new Map(organisations.map((one) => [one.organisationId, one.shortName])),
  };
}
