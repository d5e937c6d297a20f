import { sql } from 'kysely';
import type { Desk } from '../../../platform/access.ts';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import { inScope } from '../../../platform/database/scope.ts';
import type { AccountId, ClaimId, HouseId, OrganisationId, PersonId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import '../tables.ts';

/** Organisations that have open claims due until a day which are not marked as overdue. For the watch alone: it asks all of them. */
export async function selectWatchedOrganisations(db: Db, until: Day): Promise<OrganisationId[]> {
  const { rows } = await sql<{ id: OrganisationId }>`
    select distinct organisation_id as id from connection_claim
    where state = 'open' and overdue_at is null and due_on <= ${until}::date order by 1`.execute(db);
  return rows.map(({ id }) => id);
}

export interface OverdueClaim {
  claimId: ClaimId;
  personId: PersonId;
  houseId: HouseId;
  accountId: AccountId;
  createdAt: Date;
  dueOn: Day;
}

/** Marks open claims whose last day is before today. Held in one order: a second run waits, and finds them marked. */
export async function markOverdue(
  trx: Transaction,
  organisationId: OrganisationId,
  { today, at, limit }: { today: Day; at: Date; limit: number },
): Promise<OverdueClaim[]> {
  const { rows } = await sql<OverdueClaim>`
    with late as (
      select claim_id from connection_claim
      where organisation_id = ${organisationId} and state = 'open' and overdue_at is null and due_on < ${today}::date
      order by due_on, claim_id limit ${limit} for update)
    update connection_claim c set overdue_at = ${at}, reminded_at = coalesce(c.reminded_at, ${at}) from late
    where c.organisation_id = ${organisationId} and c.claim_id = late.claim_id
    returning c.claim_id as "claimId", c.person_id as "personId", c.house_id as "houseId", c.account_id as "accountId",
      c.created_at as "createdAt", c.due_on as "dueOn"`.execute(trx);
  return rows;
}

/** Marks open claims whose term ends until a day as reminded of. @returns how many */
export async function markReminded(
  trx: Transaction,
  organisationId: OrganisationId,
  { today, until, at }: { today: Day; until: Day; at: Date },
): Promise<number> {
  const marked = await sql`
    with soon as (
      select claim_id from connection_claim
      where organisation_id = ${organisationId} and state = 'open' and reminded_at is null and due_on between ${today}::date and ${until}::date
      order by due_on, claim_id for update)
    update connection_claim c set reminded_at = ${at} from soon
    where c.organisation_id = ${organisationId} and c.claim_id = soon.claim_id`.execute(trx);
  return Number(marked.numAffectedRows ?? 0);
}

export interface ClaimCounts {
  open: number;
  overdue: number;
  /** Not overdue, the term ends until the day. */
  soon: number;
}

export async function selectClaimCounts(
  db: Db,
  { organisationId, houses }: Desk,
  { today, until }: { today: Day; until: Day },
): Promise<ClaimCounts> {
  const { rows } = await sql<ClaimCounts>`
    select count(*)::int as open, count(*) filter (where due_on < ${today}::date)::int as overdue,
      count(*) filter (where due_on between ${today}::date and ${until}::date)::int as soon
    from connection_claim
    where organisation_id = ${organisationId} and ${inScope('house_id', houses)} and state = 'open'`.execute(db);
  return rows[0]!;
}

/** The last days for answering some claims. */
export async function selectDueDays(
  db: Db,
  claims: readonly { organisationId: OrganisationId; claimId: ClaimId }[],
): Promise<Map<ClaimId, Day>> {
  if (claims.length === 0) return new Map();
  const { rows } = await sql<{ claimId: ClaimId; dueOn: Day }>`
    select claim_id as "claimId", due_on as "dueOn" from connection_claim
    join unnest(${claims.map(({ organisationId }) => organisationId)}::uuid[], ${claims.map(({ claimId }) => claimId)}::uuid[])
      as asked (organisation_id, claim_id) using (organisation_id, claim_id)`.execute(db);
  return new Map(rows.map(({ claimId, dueOn }) => [claimId, dueOn]));
}
