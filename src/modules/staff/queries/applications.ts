import { sql } from 'kysely';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { ApplicationId, OrganisationId, PersonId } from '../../../platform/ids.ts';
import type { OrganisationForm } from '../../organisations/index.ts';
import '../tables.ts';

export interface AskedPower {
  powerCode: string;
  regionCode: string;
  /** Empty: the whole region. */
  oktmo: string;
}

export interface Application {
  applicationId: ApplicationId;
  personId: PersonId;
  ogrn: string;
  kpp: string;
  card: OrganisationForm;
  powers: AskedPower[];
  state: 'open' | 'approved' | 'refused';
  sentAt: Date;
  decidedAt: Date | null;
  reason: string | null;
  organisationId: OrganisationId | null;
}

const fields = sql`
  application_id as "applicationId", person_id as "personId", ogrn, kpp, card, powers, state, sent_at as "sentAt",
  decided_at as "decidedAt", reason, organisation_id as "organisationId"`;

export async function insertApplication(
  db: Db,
  application: Pick<Application, 'applicationId' | 'personId' | 'card' | 'powers'>,
  at: Date,
): Promise<void> {
  const { applicationId, personId, card, powers } = application;
  await db
    .insertInto('organisation_application')
    .values({
      application_id: applicationId,
      person_id: personId,
      ogrn: card.ogrn,
      kpp: card.kpp,
      card: JSON.stringify(card),
      powers: JSON.stringify(powers),
      state: 'open',
      sent_at: at,
      decided_at: null,
      decided_by: null,
      reason: null,
      organisation_id: null,
    })
    .execute();
}

export async function selectApplication(db: Db, applicationId: ApplicationId): Promise<Application | null> {
  const { rows } = await sql<Application>`
    select ${fields} from organisation_application where application_id = ${applicationId}`.execute(db);
  return rows[0] ?? null;
}

/** The same, held until the end of the transaction. */
export async function lockApplication(trx: Transaction, applicationId: ApplicationId): Promise<Application | null> {
  const { rows } = await sql<Application>`
    select ${fields} from organisation_application where application_id = ${applicationId} for update`.execute(trx);
  return rows[0] ?? null;
}

/** A person's own, the newest first. */
export async function selectApplicationsOf(db: Db, personId: PersonId): Promise<Application[]> {
  const { rows } = await sql<Application>`
    select ${fields} from organisation_application where person_id = ${personId}
    order by application_id desc limit 50`.execute(db);
  return rows;
}

/** Others about the same organisation, the newest first: what was refused before, and why. */
export async function selectApplicationsAbout(db: Db, ogrn: string, but: ApplicationId): Promise<Application[]> {
  const { rows } = await sql<Application>`
    select ${fields} from organisation_application where ogrn = ${ogrn} and application_id <> ${but}
    order by application_id desc limit 20`.execute(db);
  return rows;
}

export interface QueueKey {
  at: Date;
  applicationId: ApplicationId;
}

/** Those that wait, the longest first, after the last one shown. */
export async function selectOpenApplications(db: Db, after: QueueKey | null, limit: number): Promise<Application[]> {
  const { rows } = await sql<Application>`
    select ${fields} from organisation_application where state = 'open'
      ${after ? sql`and (sent_at, application_id) > (${after.at}, ${after.applicationId}::uuid)` : sql``}
    order by sent_at, application_id limit ${limit}`.execute(db);
  return rows;
}

/** Those that are decided, the last first. */
export async function selectDecidedApplications(db: Db, after: QueueKey | null, limit: number): Promise<Application[]> {
  const { rows } = await sql<Application>`
    select ${fields} from organisation_application where state <> 'open'
      ${after ? sql`and (decided_at, application_id) < (${after.at}, ${after.applicationId}::uuid)` : sql``}
    order by decided_at desc, application_id desc limit ${limit}`.execute(db);
  return rows;
}

export async function countOpenApplications(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from organisation_application where state = 'open'`.execute(db);
  return rows[0]!.count;
}

export async function decideApplicationRow(
  db: Db,
  applicationId: ApplicationId,
  decision: {
    state: 'approved' | 'refused';
    by: PersonId;
    reason: string;
    organisationId: OrganisationId | null;
    at: Date;
  },
): Promise<void> {
  await db
    .updateTable('organisation_application')
    .set({
      state: decision.state,
      decided_at: decision.at,
      decided_by: decision.by,
      reason: decision.reason,
      organisation_id: decision.organisationId,
    })
    .where('application_id', '=', applicationId)
    .execute();
}
