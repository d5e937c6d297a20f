import { sql } from 'kysely';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { PersonId } from '../../../platform/ids.ts';
import '../tables.ts';

/** What a person asked to be registered, and what became of it. */
export async function selectOwnApplications(db: Db, personId: PersonId) {
  const { rows } = await sql<{
    ogrn: string;
    name: string;
    state: 'open' | 'approved' | 'refused';
    sentAt: Date;
    decidedAt: Date | null;
    reason: string | null;
  }>`
    select ogrn, card->>'short_name' as name, state, sent_at as "sentAt", decided_at as "decidedAt", reason
    from organisation_application where person_id = ${personId} order by application_id`.execute(db);
  return rows;
}

/** Applications that nobody stands behind any more, and the name and the address that an organisation invited the person by. */
export async function forgetPerson(trx: Transaction, personId: PersonId): Promise<void> {
  await trx
    .deleteFrom('organisation_application')
    .where('person_id', '=', personId)
    .where('state', '=', 'open')
    .execute();
  await trx
    .updateTable('invitation')
    .set({ email: '', family_name: '', given_name: '' })
    .where('accepted_by', '=', personId)
    .execute();
}
