import { sql } from 'kysely';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { OrganisationId, PersonId, RequisiteChangeId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import { worksOnDay } from '../../organisations/index.ts';
import '../tables.ts';

export interface BankSet {
  bik: string;
  bankAccount: string;
  bankName: string | null;
  correspondentAccount: string | null;
}

export interface RequisiteChange extends BankSet {
  organisationId: OrganisationId;
  changeId: RequisiteChangeId;
  state: 'pending' | 'confirmed' | 'refused' | 'withdrawn';
  askedBy: PersonId;
  askedAt: Date;
  decidedBy: PersonId | null;
  decidedAt: Date | null;
  reason: string | null;
}

const fields = sql`
  organisation_id as "organisationId", change_id as "changeId", bik, bank_account as "bankAccount", bank_name as "bankName",
  correspondent_account as "correspondentAccount", state, asked_by as "askedBy", asked_at as "askedAt",
  decided_by as "decidedBy", decided_at as "decidedAt", reason`;

/** One change of an organisation's accounts at a time: of two first accounts one is the first. */
export async function lockRequisites(trx: Transaction, organisationId: OrganisationId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`requisites ${organisationId}`}, 0))`.execute(trx);
}

/** Those that wait first, then the last decided. */
export async function selectChanges(db: Db, organisationId: OrganisationId): Promise<RequisiteChange[]> {
  const { rows } = await sql<RequisiteChange>`
    select ${fields} from requisite_change where organisation_id = ${organisationId}
    order by state = 'pending' desc, change_id desc limit 50`.execute(db);
  return rows;
}

/** Those that wait for this person: whoever asked does not confirm. */
export async function countToConfirm(db: Db, organisationId: OrganisationId, personId: PersonId): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from requisite_change
    where organisation_id = ${organisationId} and state = 'pending' and asked_by <> ${personId}`.execute(db);
  return rows[0]!.count;
}

export async function selectPendingChange(
  db: Db,
  organisationId: OrganisationId,
  { bik, bankAccount }: Pick<BankSet, 'bik' | 'bankAccount'>,
): Promise<RequisiteChange | null> {
  const { rows } = await sql<RequisiteChange>`
    select ${fields} from requisite_change where organisation_id = ${organisationId} and state = 'pending'
      and bik = ${bik} and bank_account = ${bankAccount}`.execute(db);
  return rows[0] ?? null;
}

export async function lockChange(
  trx: Transaction,
  organisationId: OrganisationId,
  changeId: RequisiteChangeId,
): Promise<RequisiteChange | null> {
  const { rows } = await sql<RequisiteChange>`
    select ${fields} from requisite_change where organisation_id = ${organisationId} and change_id = ${changeId}
    for update`.execute(trx);
  return rows[0] ?? null;
}

export async function insertChange(
  db: Db,
  change: BankSet & { organisationId: OrganisationId; changeId: RequisiteChangeId; askedBy: PersonId; at: Date },
): Promise<void> {
  await db
    .insertInto('requisite_change')
    .values({
      organisation_id: change.organisationId,
      change_id: change.changeId,
      bik: change.bik,
      bank_account: change.bankAccount,
      bank_name: change.bankName,
      correspondent_account: change.correspondentAccount,
      state: 'pending',
      asked_by: change.askedBy,
      asked_at: change.at,
      decided_by: null,
      decided_at: null,
      reason: null,
    })
    .execute();
}

export async function decideChange(
  db: Db,
  { organisationId, changeId }: Pick<RequisiteChange, 'organisationId' | 'changeId'>,
  decision: { state: 'confirmed' | 'refused' | 'withdrawn'; by: PersonId; reason: string | null; at: Date },
): Promise<void> {
  await db
    .updateTable('requisite_change')
    .set({ state: decision.state, decided_by: decision.by, decided_at: decision.at, reason: decision.reason })
    .where('organisation_id', '=', organisationId)
    .where('change_id', '=', changeId)
    .execute();
}

/** That an employee may confirm a change of accounts: a head or an accountant, with all houses open. */
const mayConfirm = sql`(employee.role = 'head' or (employee.role = 'accountant' and not employee.limited))`;

export async function selectHeads(db: Db, organisationId: OrganisationId, on: Day): Promise<PersonId[]> {
  const { rows } = await sql<{ personId: PersonId }>`
    select person_id as "personId" from employee
    where organisation_id = ${organisationId} and employee.role = 'head' and ${worksOnDay(on)} order by person_id`.execute(
    db,
  );
  return rows.map(({ personId }) => personId);
}

/** Changes that nobody of the organisation but who asked could confirm, the oldest first: they wait for the administrator. */
export async function selectLonelyChanges(
  db: Db,
  on: Day,
  limit: number,
): Promise<(RequisiteChange & { organisation: string })[]> {
  const { rows } = await sql<RequisiteChange & { organisation: string }>`
    select change.*, o.short_name as organisation
    from (select ${fields} from requisite_change where state = 'pending') change
    join organisation o on o.organisation_id = change."organisationId"
    where not exists (select from employee where employee.organisation_id = change."organisationId"
      and employee.person_id <> change."askedBy" and ${mayConfirm} and ${worksOnDay(on)})
    order by change."changeId" limit ${limit}`.execute(db);
  return rows;
}
