import { sql } from 'kysely';
import type { EmployeeRole } from '../../../platform/access.ts';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { EmployeeId, HouseId, InvitationId, OrganisationId, PersonId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import type { InvitationTable } from '../tables.ts';
import '../tables.ts';
import '../../organisations/tables.ts';

export interface Invitation {
  organisationId: OrganisationId;
  invitationId: InvitationId;
  email: string;
  familyName: string;
  givenName: string;
  role: EmployeeRole;
  until: Day | null;
  limited: boolean;
  invitedBy: PersonId;
  sentAt: Date;
  sentTimes: number;
  expiresAt: Date;
  revokedAt: Date | null;
  acceptedAt: Date | null;
  acceptedBy: PersonId | null;
}

const fields = [
  'organisation_id as organisationId',
  'invitation_id as invitationId',
  'email',
  'family_name as familyName',
  'given_name as givenName',
  'role',
  'given_until as until',
  'limited',
  'invited_by as invitedBy',
  'sent_at as sentAt',
  'sent_times as sentTimes',
  'expires_at as expiresAt',
  'revoked_at as revokedAt',
  'accepted_at as acceptedAt',
  'accepted_by as acceptedBy',
] as const;

export async function insertInvitation(
  db: Db,
  row: Omit<InvitationTable, 'limited' | 'sent_times'> & { limited: boolean },
) {
  await db.insertInto('invitation').values(row).execute();
}

/** Those that nobody has accepted or revoked, also when their time has passed; the newest first. */
export async function selectOpenInvitations(db: Db, organisationId: OrganisationId): Promise<Invitation[]> {
  const rows = await db
    .selectFrom('invitation')
    .select(fields)
    .where('organisation_id', '=', organisationId)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .orderBy('invitation_id', 'desc')
    .limit(200)
    .execute();
  return rows as Invitation[];
}

export async function selectInvitation(
  db: Db,
  organisationId: OrganisationId,
  invitationId: InvitationId,
): Promise<(Invitation & { secretHash: Buffer }) | null> {
  const row = await db
    .selectFrom('invitation')
    .select([...fields, 'secret_hash as secretHash'])
    .where('organisation_id', '=', organisationId)
    .where('invitation_id', '=', invitationId)
    .executeTakeFirst();
  return (row as (Invitation & { secretHash: Buffer }) | undefined) ?? null;
}

/** The same, held until the end of the transaction: of two that accept at once one does. */
export async function lockInvitation(trx: Transaction, organisationId: OrganisationId, invitationId: InvitationId) {
  await sql`select from invitation where organisation_id = ${organisationId} and invitation_id = ${invitationId}
    for update`.execute(trx);
  return selectInvitation(trx, organisationId, invitationId);
}

export async function updateInvitation(
  db: Db,
  { organisationId, invitationId }: Pick<Invitation, 'organisationId' | 'invitationId'>,
  change: Partial<
    Pick<
      InvitationTable,
      'secret_hash' | 'sent_at' | 'expires_at' | 'invited_by' | 'revoked_at' | 'accepted_at' | 'accepted_by'
    > & { sent_times: number }
  >,
): Promise<void> {
  await db
    .updateTable('invitation')
    .set(change)
    .where('organisation_id', '=', organisationId)
    .where('invitation_id', '=', invitationId)
    .execute();
}

/** Houses of an invitation become those of the employee who accepts it; former ones are gone. */
export async function handHousesOver(
  db: Db,
  { organisationId, invitationId }: Pick<Invitation, 'organisationId' | 'invitationId'>,
  employeeId: EmployeeId,
): Promise<void> {
  await sql`delete from employee_house where organisation_id = ${organisationId} and employee_id = ${employeeId}`.execute(
    db,
  );
  await sql`insert into employee_house (organisation_id, employee_id, house_id)
    select organisation_id, ${employeeId}::uuid, house_id from invitation_house
    where organisation_id = ${organisationId} and invitation_id = ${invitationId}`.execute(db);
}

/** Whose houses are meant: an employee's or those that an invitation offers. */
export type HouseHolder =
  | { organisationId: OrganisationId; employeeId: EmployeeId }
  | { organisationId: OrganisationId; invitationId: InvitationId };

const place = (holder: HouseHolder) =>
  'employeeId' in holder
    ? { table: sql.table('employee_house'), column: sql.ref('employee_id'), id: holder.employeeId }
    : { table: sql.table('invitation_house'), column: sql.ref('invitation_id'), id: holder.invitationId };

export async function countHousesOf(db: Db, holder: HouseHolder): Promise<number> {
  const { table, column, id } = place(holder);
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from ${table}
    where organisation_id = ${holder.organisationId} and ${column} = ${id}`.execute(db);
  return rows[0]!.count;
}

/** Which of some houses are the holder's. */
export async function selectHousesOf(db: Db, holder: HouseHolder, among: readonly HouseId[]): Promise<Set<HouseId>> {
  const { table, column, id } = place(holder);
  const { rows } = await sql<{ houseId: HouseId }>`select house_id as "houseId" from ${table}
    where organisation_id = ${holder.organisationId} and ${column} = ${id} and house_id = any(${[...among]}::uuid[])`.execute(
    db,
  );
  return new Set(rows.map(({ houseId }) => houseId));
}

/** The first few by address, of those that are on the organisation's list. */
export async function selectHouseAddresses(db: Db, holder: HouseHolder, limit: number): Promise<string[]> {
  const { table, column, id } = place(holder);
  const { rows } = await sql<{ address: string }>`
    select line.address from ${table} own
    join organisation_house line on line.organisation_id = own.organisation_id and line.house_id = own.house_id
    where own.organisation_id = ${holder.organisationId} and own.${column} = ${id} order by line.address limit ${limit}`.execute(
    db,
  );
  return rows.map(({ address }) => address);
}

/** Of the houses shown makes those picked the holder's, and the others not; the rest stays. Houses of others are passed over. */
export async function setHousesOf(
  db: Db,
  holder: HouseHolder,
  { shown, picked }: { shown: readonly HouseId[]; picked: readonly HouseId[] },
): Promise<void> {
  const { table, column, id } = place(holder);
  await sql`delete from ${table} where organisation_id = ${holder.organisationId} and ${column} = ${id}
    and house_id = any(${[...shown]}::uuid[]) and house_id <> all(${[...picked]}::uuid[])`.execute(db);
  await sql`insert into ${table} (organisation_id, ${column}, house_id)
    select organisation_id, ${id}::uuid, house_id from organisation_house
    where organisation_id = ${holder.organisationId} and house_id = any(${[...picked]}::uuid[])
    on conflict do nothing`.execute(db);
}

/** Removes invitations whose link ran out before the moment, whatever became of them, with their houses. */
export async function deleteInvitationsBefore(db: Db, moment: Date, limit: number): Promise<number> {
  const removed = await sql`
    with gone as (
      select organisation_id, invitation_id from invitation where expires_at < ${moment} order by expires_at limit ${limit}
    ), houses as (
      delete from invitation_house using gone
      where invitation_house.organisation_id = gone.organisation_id and invitation_house.invitation_id = gone.invitation_id
    )
    delete from invitation using gone
    where invitation.organisation_id = gone.organisation_id and invitation.invitation_id = gone.invitation_id`.execute(
    db,
  );
  return Number(removed.numAffectedRows ?? 0);
}
