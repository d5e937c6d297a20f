import type { Db } from '../../platform/database/database.ts';
import type { OrganisationId } from '../../platform/ids.ts';
import { findHouseLine } from '../organisations/index.ts';
import type { Appeal } from './appeal.ts';
import { selectAppeal, selectParts } from './queries/read-appeals.ts';
import { topicOf } from './topics.ts';

/**
 * Whose decisions or doings an appeal complains of, as far as the system can tell: those who handled the appeal that it escalates, and,
 * when the topic is a violation, who manages the house.
 */
export async function complainedOf(
  db: Db,
  appeal: Appeal,
): Promise<(ids: readonly OrganisationId[]) => Promise<boolean>> {
  const above = new Set<OrganisationId>();
  for (let one: Appeal | null = appeal; one?.parentId && one.relation === 'escalation'; ) {
    const parent: Appeal | null = await selectAppeal(db, { houseId: one.houseId, appealId: one.parentId });
    if (parent) for (const part of await selectParts(db, parent)) above.add(part.organisationId);
    one = parent;
  }
  const isViolation = topicOf(appeal.topicCode).matter === 'violation';
  return async (ids) => {
    if (ids.some((id) => above.has(id))) return true;
    if (!isViolation) return false;
    for (const id of ids) if ((await findHouseLine(db, id, appeal.houseId))?.manages) return true;
    return false;
  };
}
