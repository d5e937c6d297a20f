import type { Db } from '../../platform/database/database.ts';
import {
  type AppealEventId,
  type AppealPartId,
  newId,
  type OrganisationId,
  type PersonId,
} from '../../platform/ids.ts';
import type { AppealKey, EventKind } from './appeal.ts';
import { insertEvent } from './queries/write-appeals.ts';

export interface Happened {
  kind: EventKind;
  partId?: AppealPartId;
  organisationId?: OrganisationId;
  /** Who did it; `name` as the page shows it. Nobody: the system. */
  by?: { personId: PersonId; name: string };
  /** Staff alone may see it. */
  internal?: boolean;
  details?: Readonly<Record<string, unknown>>;
}

/** Writes what happened to an appeal into its history, in the transaction of the change. */
export async function recordEvent(db: Db, key: AppealKey, event: Happened, at: Date): Promise<AppealEventId> {
  const eventId = newId<AppealEventId>();
  await insertEvent(db, {
    house_id: key.houseId,
    appeal_id: key.appealId,
    event_id: eventId,
    part_id: event.partId ?? null,
    kind: event.kind,
    at,
    organisation_id: event.organisationId ?? null,
    person_id: event.by?.personId ?? null,
    person_name: event.by?.name ?? '',
    internal: event.internal ?? false,
    details: event.details ?? {},
  });
  return eventId;
}
