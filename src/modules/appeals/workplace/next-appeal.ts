import type { Desk } from '../../../platform/access.ts';
import type { Db } from '../../../platform/database/database.ts';
import type { PersonId } from '../../../platform/ids.ts';
import { type DeskLine, type QueueKey, selectQueue } from '../queries/desk.ts';
import type { QueueQuery } from './queue-query.ts';

/**
 * The appeal that follows in the queue; after the last one the first, so that what was passed over comes again. Null when nothing else
 * waits there.
 */
export async function findNext(
  db: Db,
  input: Desk & { personId: PersonId; queue: QueueQuery; now: Date; after: QueueKey },
): Promise<DeskLine | null> {
  const { organisationId, houses, personId, now, after } = input;
  // From the closed ones there is no way on: whoever looks at them answers nothing.
  const { view, filter } = input.queue;
  if (view === 'answered') return null;
  const common = { organisationId, houses, personId, view, filter, now };
  const other = (lines: DeskLine[]) => lines.find(({ deskId }) => deskId !== after.deskId) ?? null;
  return (
    other(await selectQueue(db, { ...common, after, limit: 1 })) ??
    other(await selectQueue(db, { ...common, after: null, limit: 2 }))
  );
}
