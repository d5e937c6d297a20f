import type { Db } from '../../database/database.ts';
import type { AccountId, HouseId, OrganisationId, PersonId } from '../../ids.ts';
import { newId } from '../../ids.ts';

/** The questions an investigator asks: who, when, did or saw what, for which organisation, about whom or which account. */
export interface AuditEvent {
  actor: PersonId;
  action: string;
  at: Date;
  organisationId?: OrganisationId | null;
  subject?: PersonId | null;
  houseId?: HouseId | null;
  accountId?: AccountId | null;
  details?: Record<string, unknown>;
}

export async function insertAuditEvent(db: Db, event: AuditEvent): Promise<void> {
  await db
    .insertInto('audit_event')
    .values({
      person_id: event.actor,
      event_id: newId(),
      at: event.at,
      action: event.action,
      organisation_id: event.organisationId ?? null,
      subject_person_id: event.subject ?? null,
      house_id: event.houseId ?? null,
      account_id: event.accountId ?? null,
      details: JSON.stringify(event.details ?? {}),
    })
    .execute();
}

export async function selectAuditEvents(db: Db, actor: PersonId) {
  return db
    .selectFrom('audit_event')
    .selectAll()
    .where('person_id', '=', actor)
    .orderBy('event_id', 'desc')
    .limit(100)
    .execute();
}
