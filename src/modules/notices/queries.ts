import { sql } from 'kysely';
import type { Db, Transaction } from '../../platform/database/database.ts';
import type { PersonId } from '../../platform/ids.ts';
import { type Channel, isNoticeKind, type NoticeKindName } from './kinds.ts';
import type { NoticeId } from './notice.ts';
import './tables.ts';

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
