import type { Db } from '../../platform/database/database.ts';
import type { OrganisationId } from '../../platform/ids.ts';
import { readOrganisations } from '../organisations/index.ts';
import type { AppealWhole } from './appeal.ts';

/** Short names of the organisations that appeals tell of. */
export async function namesOf(
  db: Db,
  wholes: readonly Pick<AppealWhole, 'parts' | 'events'>[],
): Promise<Map<OrganisationId, string>> {
  const ids = wholes.flatMap(({ parts, events }) => [...parts, ...events]).flatMap((one) => one.organisationId ?? []);
  const cards = await readOrganisations(db, [...new Set(ids)]);
  return new Map(cards.map((card) => [card.organisationId, card.shortName]));
}
