import { sql } from 'kysely';
import '../tables.ts';
import type { Db } from '../../../platform/database/database.ts';
import type { AccountId, DocumentId, HouseId, PersonId } from '../../../platform/ids.ts';

export async function hasSeen(db: Db, personId: PersonId, documentId: DocumentId): Promise<boolean> {
  const { rows } =
    await sql`select from bill_view where person_id = ${personId} and document_id = ${documentId}`.execute(db);
  return rows.length > 0;
}

/** The first time counts: a person opens a bill again and again, and one row is enough to tell them of a mistake in it. */
export async function noteSeen(
  db: Db,
  seen: { personId: PersonId; houseId: HouseId; documentId: DocumentId },
  at: Date,
): Promise<void> {
  await sql`insert into bill_view (person_id, document_id, house_id, first_at)
    values (${seen.personId}, ${seen.documentId}, ${seen.houseId}, ${at}::timestamptz) on conflict do nothing`.execute(
    db,
  );
}

/** People who have connected any of the accounts now: for telling them, whoever they are. */
export async function selectPeopleOf(
  db: Db,
  houseId: HouseId,
  accountIds: readonly AccountId[],
): Promise<{ personId: PersonId; accountId: AccountId }[]> {
  const { rows } = await sql<{ personId: PersonId; accountId: AccountId }>`
    select distinct person_id as "personId", account_id as "accountId" from account_link
    where house_id = ${houseId} and account_id = any(${accountIds}::uuid[]) and state = 'connected'
    order by 1, 2`.execute(db);
  return rows;
}

/** People who see any of the accounts, or saw them as their payers: helpers and former payers too. For telling them. */
export async function selectSeeing(
  db: Db,
  houseId: HouseId,
  accountIds: readonly AccountId[],
): Promise<{ personId: PersonId; accountId: AccountId }[]> {
  const of = sql`from account_link where house_id = ${houseId} and account_id = any(${accountIds}::uuid[])`;
  const { rows } = await sql<{ personId: PersonId; accountId: AccountId }>`
    select person_id as "personId", account_id as "accountId" ${of} and state = 'connected'
    union select person_id, account_id ${of} and state in ('shared', 'suspended')
    order by 1, 2`.execute(db);
  return rows;
}

/** Which of the documents some people have opened. */
export async function selectSeen(
  db: Db,
  people: readonly PersonId[],
  documents: readonly DocumentId[],
): Promise<{ personId: PersonId; documentId: DocumentId }[]> {
  if (people.length === 0 || documents.length === 0) return [];
  const { rows } = await sql<{ personId: PersonId; documentId: DocumentId }>`
    select person_id as "personId", document_id as "documentId" from bill_view
    where person_id = any(${people}::uuid[]) and document_id = any(${documents}::uuid[])`.execute(db);
  return rows;
}
