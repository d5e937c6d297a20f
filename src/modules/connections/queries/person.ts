import { sql } from 'kysely';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { ClaimId, OrganisationId, PersonId } from '../../../platform/ids.ts';
import '../tables.ts';

/** What stands for a name that was deleted. */
export const NOBODY = 'Имя удалено';

/** Takes the name and the words off a claim, whatever became of it; one that is open is withdrawn. */
export async function blankClaim(
  db: Db,
  claim: { organisationId: OrganisationId; claimId: ClaimId; personId: PersonId },
  at: Date,
): Promise<void> {
  const own = db
    .updateTable('connection_claim')
    .where('organisation_id', '=', claim.organisationId)
    .where('claim_id', '=', claim.claimId)
    .where('person_id', '=', claim.personId);
  await own
    .set({ state: 'withdrawn', decided_at: at, decided_by: claim.personId })
    .where('state', '=', 'open')
    .execute();
  await own.set({ claimant_name: NOBODY, message: '' }).execute();
}

/** Claims of an erased person, when their term has passed. */
export async function deleteBlankedClaims(db: Db, personId: PersonId): Promise<void> {
  await sql`delete from connection_claim where person_id = ${personId} and claimant_name = ${sql.lit(NOBODY)}`.execute(
    db,
  );
}

export async function deleteLinksOf(db: Db, personId: PersonId): Promise<void> {
  await db.deleteFrom('account_link').where('person_id', '=', personId).execute();
  await db.deleteFrom('connect_attempt').where('person_id', '=', personId).execute();
}

/** Every link there was, with the claims. */
/** Before their shares, in the order in which whoever accepts one holds them. */
export async function lockLinks(trx: Transaction, personId: PersonId): Promise<void> {
  await sql`select from account_link where person_id = ${personId} order by link_id for update`.execute(trx);
}

export async function selectAllLinks(db: Db, personId: PersonId) {
  return db
    .selectFrom('account_link')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('link_id')
    .limit(1000)
    .execute();
}
