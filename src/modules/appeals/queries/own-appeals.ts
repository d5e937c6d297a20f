import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Db, Tables } from '../../../platform/database/database.ts';
import type { AppealId, DraftId, FileId, PersonId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import type { AppealKey, AppealState } from '../appeal.ts';
import '../tables.ts';

export interface OwnFilter {
  number: string;
  topic: string;
  address: string;
  /** `overdue`: whatever its state, somebody is late. */
  state: AppealState | 'draft' | 'overdue' | null;
  /** Days of sending by the clock of the place, both included. */
  from: Day | null;
  until: Day | null;
}

/** A row of the list by its time and id: where a page of it begins. */
export interface OwnKey {
  sentAt: Date;
  appealId: AppealId;
}

export interface OwnPlace {
  /** `older`: the rows after the key; `newer`: the nearest ones before it. */
  way: 'older' | 'newer';
  key: OwnKey | null;
  limit: number;
}

export type OwnAppeal = Pick<
  Selectable<Tables['own_appeal']>,
  'number' | 'address' | 'state' | 'overdue' | 'unread' | 'role'
> &
  AppealKey & { topic: string; dueOn: Day | null; sentAt: Date; zone: string };

const pattern = (text: string): string => `%${text.toLowerCase().replace(/[%_\\]/g, '\\$&')}%`;
const has = (column: RawBuilder<unknown>, text: string) =>
  sql`and lower(${column} collate "ru-x-icu") like ${pattern(text)}`;

/** Every word of what was typed; a number of НСИ 220 finds the topic and those under it. */
const topicHas = (text: string, name: RawBuilder<unknown>) => {
  const words = text.split(/\s+/).filter(Boolean);
  const code = words.length === 1 && /^[0-9]+([.][0-9]+)*[.]?$/.test(text) ? text.replace(/[.]$/, '') : null;
  if (code) return sql`and (topic_code = ${code} or topic_code like ${`${code}.%`})`;
  return sql.join(
    words.map((word) => has(name, word)),
    sql` `,
  );
};

/**
 * Appeals of a person and those that they joined, the newest first whichever way. All conditions are tried on the person's own rows in
 * the order of the index `own_appeal_sent`, until the page is full.
 */
export async function selectOwnAppeals(
  db: Db,
  personId: PersonId,
  filter: OwnFilter,
  place: OwnPlace,
): Promise<OwnAppeal[]> {
  const { key, way, limit } = place;
  const order = way === 'older' ? sql`desc` : sql`asc`;
  const { rows } = await sql<OwnAppeal>`
    select house_id as "houseId", appeal_id as "appealId", number, role, topic_name as topic, address, state, due_on as "dueOn", overdue,
      unread, sent_at as "sentAt", zone
    from own_appeal where person_id = ${personId}
      ${key ? sql`and (sent_at, appeal_id) ${way === 'older' ? sql`<` : sql`>`} (${key.sentAt}::timestamptz, ${key.appealId}::uuid)` : sql``}
      ${conditions(filter)}
    order by sent_at ${order}, appeal_id ${order} limit ${limit}`.execute(db);
  return way === 'older' ? rows : rows.reverse();
}

function conditions({ number, topic, address, state, from, until }: OwnFilter) {
  const parts = [
    number && has(sql`number`, number),
    topic && topicHas(topic, sql`topic_name`),
    address && has(sql`address`, address),
    state === 'overdue' && sql`and overdue`,
    state !== null && state !== 'overdue' && sql`and state = ${state}`,
    // The first condition is for the index, the second is exact: no place's clock is further than a day from UTC.
    from && sql`and sent_at >= ${from}::date - interval '1 day' and (sent_at at time zone zone)::date >= ${from}::date`,
    until &&
      sql`and sent_at < ${until}::date + interval '2 days' and (sent_at at time zone zone)::date <= ${until}::date`,
  ].filter((part) => typeof part === 'object' && part !== null);
  return sql.join(parts, sql` `);
}

export interface OwnDraft {
  draftId: DraftId;
  topicCode: string;
  ownTopic: string;
  address: string;
  text: string;
  updatedAt: Date;
}

/** Drafts of a person, those changed last first. Their topics are found by code: their names are of the classifier. */
export async function selectOwnDrafts(
  db: Db,
  personId: PersonId,
  { address, topicCodes, topic }: { address: string; topic: string; topicCodes: readonly string[] },
  limit: number,
): Promise<OwnDraft[]> {
  const { rows } = await sql<OwnDraft>`
    select draft_id as "draftId", topic_code as "topicCode", own_topic as "ownTopic", address, left(text, 200) as text,
      updated_at as "updatedAt"
    from appeal_draft where person_id = ${personId}
      ${address ? has(sql`address`, address) : sql``}
      ${topic ? sql`and (topic_code = any(${topicCodes}::text[]) or (own_topic <> '' ${topicHas(topic, sql`own_topic`)}))` : sql``}
    order by updated_at desc, draft_id desc limit ${limit}`.execute(db);
  return rows;
}

/** How the appeal stands in the person's own list; null: it is not theirs, and nobody else's pages show it to them. */
export async function selectOwnAppeal(db: Db, personId: PersonId, { houseId, appealId }: AppealKey) {
  return db
    .selectFrom('own_appeal')
    .select(['role', 'unread'])
    .where('person_id', '=', personId)
    .where('appeal_id', '=', appealId)
    .where('house_id', '=', houseId)
    .executeTakeFirst();
}

/** The person has opened the appeal: nothing in it is new to them. */
export async function markOwnAppealRead(db: Db, personId: PersonId, appealId: AppealId): Promise<void> {
  await db
    .updateTable('own_appeal')
    .set({ unread: false })
    .where('person_id', '=', personId)
    .where('appeal_id', '=', appealId)
    .where('unread', '=', true)
    .execute();
}

/** Appeals with something that the person has not opened. */
export async function countUnreadAppeals(db: Db, personId: PersonId): Promise<number> {
  const { count } = await db
    .selectFrom('own_appeal')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('person_id', '=', personId)
    .where('unread', '=', true)
    .executeTakeFirstOrThrow();
  return count;
}

/** Letters about an appeal to one reader, the oldest first; what became of them is asked of the reader's own letters. */
export async function selectLetters(db: Db, { houseId, appealId }: AppealKey, personId: PersonId) {
  return db
    .selectFrom('appeal_letter')
    .select(['mail_id as mailId', 'answer_id as answerId'])
    .where('house_id', '=', houseId)
    .where('appeal_id', '=', appealId)
    .where('person_id', '=', personId)
    .orderBy('mail_id')
    .execute();
}

/** SHA-256 of files as they were sent, as hexadecimal digits. */
export async function selectFileHashes(db: Db, fileIds: readonly FileId[]): Promise<Map<FileId, string>> {
  if (fileIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('stored_file')
    .select(['file_id', 'sha256'])
    .where((where) => where('file_id', '=', where.fn.any(where.val(fileIds as FileId[]))))
    .execute();
  return new Map(rows.map((row) => [row.file_id, row.sha256.toString('hex')]));
}
