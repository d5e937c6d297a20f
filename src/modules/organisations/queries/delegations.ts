import { sql } from 'kysely';
import type { DelegatedWork, EmployeeRole, HouseScope } from '../../../platform/access.ts';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { DelegationId, OrganisationId, PersonId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import { worksOn } from './employment.ts';
import '../tables.ts';

/** НСИ 20, code 36: расчётный центр. */
export const SETTLEMENT_CENTRE = '36';

/** In force on the day: the centre is one still, too. */
const inForce = (on: Day) =>
  sql<boolean>`(delegation.revoked_at is null and ${on}::date between delegation.valid_from and delegation.valid_to
    and exists (select from organisation_power held where held.organisation_id = delegation.centre_id
      and held.power_code = ${SETTLEMENT_CENTRE}))`;

export interface DelegatedRow {
  organisationId: OrganisationId;
  name: string;
  centreId: OrganisationId;
  centre: string;
  role: EmployeeRole;
  powers: string[];
  houses: HouseScope;
  /** Of all delegations in force between the two. */
  works: DelegatedWork[];
}

const selectDelegated = (personId: PersonId, on: Day) => sql`
  select delegation.organisation_id as "organisationId", principal.short_name as name, delegation.centre_id as "centreId",
    centre.short_name as centre, employee.role,
    array(select power_code from organisation_power p where p.organisation_id = delegation.organisation_id) as powers,
    case when employee.limited and employee.role <> 'head' then array(select house_id::text from employee_house h
      where h.organisation_id = employee.organisation_id and h.employee_id = employee.employee_id) end as houses,
    array_agg(distinct work order by work) as works
  from employee join delegation on delegation.centre_id = employee.organisation_id
  join organisation principal on principal.organisation_id = delegation.organisation_id
  join organisation centre on centre.organisation_id = delegation.centre_id
  cross join lateral unnest(delegation.works) as work
  where employee.person_id = ${personId} and ${worksOn(on)} and ${inForce(on)}`;

const GROUPED = sql`group by 1, 2, 3, 4, 5, employee.organisation_id, employee.employee_id, employee.limited`;

/** Organisations that a person may work for by their own organisation's delegations. */
export async function selectDelegatedOf(db: Db, personId: PersonId, on: Day): Promise<DelegatedRow[]> {
  const { rows } = await sql<DelegatedRow>`
    ${selectDelegated(personId, on)} ${GROUPED} order by principal.short_name, 1 limit 500`.execute(db);
  return rows;
}

/** Asked with every request of a centre's employee who acts for another organisation. */
export async function selectDelegatedTo(
  db: Db,
  {
    centreId,
    organisationId,
    personId,
  }: { centreId: OrganisationId; organisationId: OrganisationId; personId: PersonId },
  on: Day,
): Promise<DelegatedRow | undefined> {
  const { rows } = await sql<DelegatedRow>`
    ${selectDelegated(personId, on)} and delegation.organisation_id = ${organisationId} and delegation.centre_id = ${centreId}
    ${GROUPED}`.execute(db);
  return rows[0];
}

export interface Delegation {
  organisationId: OrganisationId;
  delegationId: DelegationId;
  centreId: OrganisationId;
  /** Short names. */
  principal: string;
  centre: string;
  works: DelegatedWork[];
  from: Day;
  to: Day;
  revokedAt: Date | null;
  revocation: string | null;
}

const fields = sql`
  delegation.organisation_id as "organisationId", delegation_id as "delegationId", centre_id as "centreId",
  principal.short_name as principal, centre.short_name as centre, works, valid_from as "from", valid_to as "to",
  revoked_at as "revokedAt", revocation`;
const NAMED = sql`delegation join organisation principal on principal.organisation_id = delegation.organisation_id
  join organisation centre on centre.organisation_id = delegation.centre_id`;

/** What an organisation has given to others, the newest first. */
export async function selectDelegationsGiven(db: Db, organisationId: OrganisationId): Promise<Delegation[]> {
  const { rows } = await sql<Delegation>`
    select ${fields} from ${NAMED} where delegation.organisation_id = ${organisationId}
    order by delegation_id desc limit 200`.execute(db);
  return rows;
}

/** What others have given to an organisation and is in force or will be. */
export async function selectDelegationsTaken(db: Db, centreId: OrganisationId, on: Day): Promise<Delegation[]> {
  const { rows } = await sql<Delegation>`
    select ${fields} from ${NAMED}
    where delegation.centre_id = ${centreId} and revoked_at is null and valid_to >= ${on}::date
    order by principal.short_name, delegation_id limit 500`.execute(db);
  return rows;
}

/** Who does an organisation's bills on a day: for «Начисления ведёт …» on its public card. */
export async function selectBillingCentres(
  db: Db,
  organisationId: OrganisationId,
  on: Day,
): Promise<{ organisationId: OrganisationId; name: string }[]> {
  const { rows } = await sql<{ organisationId: OrganisationId; name: string }>`
    select distinct centre.organisation_id as "organisationId", centre.short_name as name
    from delegation join organisation centre on centre.organisation_id = delegation.centre_id
    where delegation.organisation_id = ${organisationId} and 'bills' = any(works) and ${inForce(on)} order by 2`.execute(
    db,
  );
  return rows;
}

/**
 * Works of those asked for that a centre has been given already for some of the same days. Held until the transaction ends: of two given at
 * once the second sees the first.
 */
export async function holdGivenWorks(
  trx: Transaction,
  asked: {
    organisationId: OrganisationId;
    centreId: OrganisationId;
    works: readonly DelegatedWork[];
    from: Day;
    to: Day;
  },
): Promise<{ work: DelegatedWork; to: Day }[]> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`delegations ${asked.organisationId}`}, 0))`.execute(trx);
  const { rows } = await sql<{ work: DelegatedWork; to: Day }>`
    select work, max(valid_to) as "to" from delegation cross join lateral unnest(works) as work
    where organisation_id = ${asked.organisationId} and centre_id = ${asked.centreId} and revoked_at is null
      and work = any(${[...asked.works]}::text[]) and valid_from <= ${asked.to}::date and valid_to >= ${asked.from}::date
    group by work order by work`.execute(trx);
  return rows;
}

export async function insertDelegation(
  db: Db,
  row: {
    organisationId: OrganisationId;
    delegationId: DelegationId;
    centreId: OrganisationId;
    works: readonly DelegatedWork[];
    from: Day;
    to: Day;
    by: PersonId;
    at: Date;
  },
): Promise<void> {
  await db
    .insertInto('delegation')
    .values({
      organisation_id: row.organisationId,
      delegation_id: row.delegationId,
      centre_id: row.centreId,
      works: [...row.works],
      valid_from: row.from,
      valid_to: row.to,
      given_by: row.by,
      given_at: row.at,
      revoked_at: null,
      revoked_by: null,
      revocation: null,
    })
    .execute();
}

/** @returns the delegation, or null when there is no such that could be revoked */
export async function revokeDelegationRow(
  db: Db,
  key: { organisationId: OrganisationId; delegationId: DelegationId },
  revoked: { by: PersonId; reason: string; at: Date },
): Promise<{ centreId: OrganisationId; works: DelegatedWork[] } | null> {
  const row = await db
    .updateTable('delegation')
    .set({ revoked_at: revoked.at, revoked_by: revoked.by, revocation: revoked.reason })
    .where('organisation_id', '=', key.organisationId)
    .where('delegation_id', '=', key.delegationId)
    .where('revoked_at', 'is', null)
    .returning(['centre_id as centreId', 'works'])
    .executeTakeFirst();
  return row ?? null;
}
