import { sql } from 'kysely';
import type { Db, Transaction } from '../../platform/database/database.ts';
import type { PersonId } from '../../platform/ids.ts';
import { type Channel, isNoticeKind, type NoticeKindName } from './kinds.ts';
import type { NoticeId } from './notice.ts';
import type { NoticeAddressProofTable } from './tables.ts';

/**
 * Notes notices; the key keeps each to once. Two at once meet at the key, and the second waits for the first.
 * @returns those that were not noted before, by object
 */
export async function insertNotices(
  trx: Transaction,
  notice: { personId: PersonId; kind: NoticeKindName; objects: readonly string[]; newId: () => NoticeId },
  at: Date,
): Promise<Map<string, NoticeId>> {
  const objects = [...new Set(notice.objects)].sort();
  const { rows } = await sql<{ object: string; noticeId: NoticeId }>`
    insert into notice (person_id, notice_id, kind, object, created_at)
    select ${notice.personId}::uuid, given.notice_id, ${notice.kind}, given.object, ${at}::timestamptz
    from unnest(${objects.map(notice.newId)}::uuid[], ${objects}::text[]) as given (notice_id, object)
    on conflict on constraint notice_once do nothing returning object, notice_id as "noticeId"`.execute(trx);
  return new Map(rows.map(({ object, noticeId }) => [object, noticeId]));
}

export async function setNoticeMail(
  trx: Transaction,
  personId: PersonId,
  noticeIds: readonly NoticeId[],
  mailId: string,
): Promise<void> {
  await sql`update notice set mail_id = ${mailId}
    where person_id = ${personId} and notice_id = any(${[...noticeIds]}::uuid[])`.execute(trx);
}

/** What a notice needs to know of whom it goes to. */
export interface Reader {
  /** Where letters go: the address of one's own, else the identity provider's; null for neither. */
  address: string | null;
  /** The identity provider's. */
  given: string | null;
  own: string | null;
  /** When and how the server of the address said that there is no such mailbox; null while letters reach it. */
  refusedAt: Date | null;
  refusal: string | null;
}

export async function selectReader(db: Db, personId: PersonId): Promise<Reader | null> {
  const { rows } = await sql<Reader>`
    select coalesce(own.address, person.email) as address, person.email as given, own.address as own,
      refused.refused_at as "refusedAt", refused.refusal
    from person
    left join notice_address own on own.person_id = person.person_id
    left join refused_address refused on refused.address = lower(coalesce(own.address, person.email))
    where person.person_id = ${personId}`.execute(db);
  return rows[0] ?? null;
}

export type Choices = ReadonlyMap<NoticeKindName, Partial<Record<Channel, boolean>>>;

/** What a person chose; kinds and channels that were never chosen are absent. */
export async function selectChoices(db: Db, personId: PersonId): Promise<Choices> {
  const rows = await db
    .selectFrom('notice_choice')
    .select(['kind', 'channel', 'wanted'])
    .where('person_id', '=', personId)
    .execute();
  const choices = new Map<NoticeKindName, Partial<Record<Channel, boolean>>>();
  for (const { kind, channel, wanted } of rows)
    if (isNoticeKind(kind)) choices.set(kind, { ...choices.get(kind), [channel]: wanted });
  return choices;
}

export async function upsertChoice(
  db: Db,
  personId: PersonId,
  choice: { kind: NoticeKindName; channel: Channel; wanted: boolean },
  at: Date,
): Promise<void> {
  await sql`insert into notice_choice (person_id, kind, channel, wanted, changed_at)
    values (${personId}, ${choice.kind}, ${choice.channel}, ${choice.wanted}, ${at}::timestamptz)
    on conflict on constraint notice_choice_pk do update set wanted = excluded.wanted, changed_at = excluded.changed_at`.execute(
    db,
  );
}

/** Two forms of one person at once follow one another. */
export async function lockChoices(trx: Transaction, personId: PersonId): Promise<void> {
  await sql`select from person where person_id = ${personId} for no key update`.execute(trx);
}

export interface AddressProof {
  address: string;
  secretHash: Buffer;
  askedAt: Date;
  expiresAt: Date;
  usedAt: Date | null;
  askedTimes: number;
  countedFrom: Date;
}

/** The address that a person is proving, and how many letters it took; locked until the end of the transaction. */
export async function lockProof(trx: Transaction, personId: PersonId): Promise<AddressProof | undefined> {
  const row = await trx
    .selectFrom('notice_address_proof')
    .selectAll()
    .where('person_id', '=', personId)
    .forUpdate()
    .executeTakeFirst();
  return row && proofOf(row);
}

export async function selectProof(db: Db, personId: PersonId): Promise<AddressProof | undefined> {
  const row = await db
    .selectFrom('notice_address_proof')
    .selectAll()
    .where('person_id', '=', personId)
    .executeTakeFirst();
  return row && proofOf(row);
}

const proofOf = (row: NoticeAddressProofTable): AddressProof => ({
  address: row.address,
  secretHash: row.secret_hash,
  askedAt: row.asked_at,
  expiresAt: row.expires_at,
  usedAt: row.used_at,
  askedTimes: row.asked_times,
  countedFrom: row.counted_from,
});

export async function upsertProof(trx: Transaction, personId: PersonId, proof: Omit<AddressProof, 'usedAt'>) {
  const values = {
    address: proof.address,
    secret_hash: proof.secretHash,
    asked_at: proof.askedAt,
    expires_at: proof.expiresAt,
    used_at: null,
    asked_times: proof.askedTimes,
    counted_from: proof.countedFrom,
  };
  await trx
    .insertInto('notice_address_proof')
    .values({ person_id: personId, ...values })
    .onConflict((conflict) => conflict.constraint('notice_address_proof_pk').doUpdateSet(values))
    .execute();
}

export async function markProofUsed(trx: Transaction, personId: PersonId, at: Date): Promise<void> {
  await trx.updateTable('notice_address_proof').set({ used_at: at }).where('person_id', '=', personId).execute();
}

export async function upsertAddress(db: Db, personId: PersonId, address: string, at: Date): Promise<void> {
  const values = { address, confirmed_at: at };
  await db
    .insertInto('notice_address')
    .values({ person_id: personId, ...values })
    .onConflict((conflict) => conflict.constraint('notice_address_pk').doUpdateSet(values))
    .execute();
}

/** @returns false when there was none */
export async function deleteAddress(db: Db, personId: PersonId): Promise<boolean> {
  const removed = await db.deleteFrom('notice_address').where('person_id', '=', personId).executeTakeFirst();
  return removed.numDeletedRows > 0n;
}

export async function deleteNoticesBefore(db: Db, moment: Date, limit: number): Promise<number> {
  const removed = await sql`
    delete from notice where (person_id, notice_id) in (
      select person_id, notice_id from notice where created_at < ${moment} order by created_at limit ${limit})`.execute(
    db,
  );
  return Number(removed.numAffectedRows ?? 0);
}

/** Who of some people was told of which of some objects by a notice of a kind. For jobs alone. */
export async function selectTold(
  db: Db,
  kind: NoticeKindName,
  people: readonly PersonId[],
  objects: readonly string[],
): Promise<{ personId: PersonId; object: string }[]> {
  if (people.length === 0 || objects.length === 0) return [];
  const { rows } = await sql<{ personId: PersonId; object: string }>`
    select person_id as "personId", object from notice
    where person_id = any(${people}::uuid[]) and kind = ${kind} and object = any(${objects}::text[])`.execute(db);
  return rows;
}
