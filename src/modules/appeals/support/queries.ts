import { type Insertable, type Selectable, sql, type Updateable } from 'kysely';
import type { Db, Tables, Transaction } from '../../../platform/database/database.ts';
import type { PersonId, SupportRequestId, TemplateId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import type { RequestState, SupportMessage, SupportRequest } from './request.ts';
import '../tables.ts';

const toRequest = (row: Selectable<Tables['support_request']>): SupportRequest => ({
  requestId: row.request_id,
  number: row.number,
  personId: row.person_id!,
  byGuest: row.by_guest,
  organisationId: row.organisation_id,
  name: row.name,
  email: row.email,
  kindCode: row.kind_code,
  subject: row.subject,
  text: row.text,
  page: row.page,
  state: row.state,
  performerId: row.performer_id,
  performerName: row.performer_name,
  dueOn: row.due_on as Day | null,
  answeredAt: row.answered_at,
  createdAt: row.created_at,
  changedAt: row.changed_at,
});

/** @returns false when the number is taken: try another */
export async function insertRequest(db: Db, row: Insertable<Tables['support_request']>): Promise<boolean> {
  const result = await db
    .insertInto('support_request')
    .values(row)
    .onConflict((conflict) => conflict.constraint('support_request_number').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** Questions of one sender are counted one after another until the end of the transaction. */
export async function lockSender(trx: Transaction, email: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`support ${email.toLowerCase()}`}, 0))`.execute(trx);
}

/** How many questions have come since a moment from an e-mail or from a person. */
export async function countSince(db: Db, sender: { email: string; personId: PersonId | null }, since: Date) {
  const { rows } = await sql<{ count: number; first: Date | null }>`
    select greatest(by_email.count, by_person.count)::int as count, greatest(by_email.first, by_person.first) as first
    from (select count(*), min(created_at) as first from support_request
          where lower(email) = lower(${sender.email}) and created_at > ${since}) by_email,
         (select count(*), min(created_at) as first from support_request
          where person_id = ${sender.personId} and created_at > ${since}) by_person`.execute(db);
  return rows[0]!;
}

export async function selectRequest(db: Db, requestId: SupportRequestId): Promise<SupportRequest | null> {
  const row = await db.selectFrom('support_request').selectAll().where('request_id', '=', requestId).executeTakeFirst();
  return row ? toRequest(row) : null;
}

/** Whoever changes a request or writes to it takes it first. */
export async function lockRequest(trx: Transaction, requestId: SupportRequestId): Promise<SupportRequest | null> {
  const row = await trx
    .selectFrom('support_request')
    .selectAll()
    .where('request_id', '=', requestId)
    .forUpdate()
    .executeTakeFirst();
  return row ? toRequest(row) : null;
}

export async function updateRequest(
  db: Db,
  requestId: SupportRequestId,
  changes: Updateable<Tables['support_request']>,
): Promise<void> {
  await db.updateTable('support_request').set(changes).where('request_id', '=', requestId).execute();
}

export async function insertMessage(db: Db, row: Insertable<Tables['support_message']>): Promise<void> {
  await db.insertInto('support_message').values(row).execute();
}

/** In the order in which they were written. @param withNotes the desk's notes too */
export async function selectMessages(
  db: Db,
  requestId: SupportRequestId,
  withNotes: boolean,
): Promise<SupportMessage[]> {
  const rows = await db
    .selectFrom('support_message')
    .selectAll()
    .where('request_id', '=', requestId)
    .$if(!withNotes, (query) => query.where('internal', '=', false))
    .orderBy('message_id')
    .execute();
  return rows.map((row) => ({
    messageId: row.message_id,
    fromSupport: row.from_support,
    internal: row.internal,
    personName: row.person_name,
    text: row.text,
    at: row.at,
  }));
}

/** A person's own questions, the newest first. */
export async function selectOwnRequests(
  db: Db,
  personId: PersonId,
  after: SupportRequestId | null,
  limit: number,
): Promise<SupportRequest[]> {
  const { rows } = await sql<Selectable<Tables['support_request']>>`
    select * from support_request where person_id = ${personId}
      and (${after}::uuid is null or (created_at, request_id) < (
        select created_at, request_id from support_request where request_id = ${after} and person_id = ${personId}))
    order by created_at desc, request_id desc limit ${limit}`.execute(db);
  return rows.map(toRequest);
}

export interface QueueFilter {
  /** 'waiting': what has to be answered, by term. Others: by the time of the question, the newest first. */
  state: RequestState | 'waiting' | 'all';
  kindCode: string | null;
  /** `none`: nobody has taken it. */
  performerId: PersonId | 'none' | null;
  /** Only those whose term was before this day. */
  overdueOn: Day | null;
  number: string | null;
}

export type QueueKey = { at: string; requestId: SupportRequestId } | null;

/** A page of the desk's queue. Its key is the term of the last row while the queue is of what waits, else the time of the question. */
export async function selectQueue(
  db: Db,
  filter: QueueFilter,
  after: QueueKey,
  limit: number,
): Promise<SupportRequest[]> {
  const isQueue = filter.state === 'waiting';
  const rows = await db
    .selectFrom('support_request')
    .selectAll()
    .$if(isQueue, (query) => query.where('state', 'in', ['new', 'in_work']))
    .$if(!isQueue && filter.state !== 'all', (query) => query.where('state', '=', filter.state as RequestState))
    .$if(filter.kindCode !== null, (query) => query.where('kind_code', '=', filter.kindCode))
    .$if(filter.performerId === 'none', (query) => query.where('performer_id', 'is', null))
    .$if(filter.performerId !== null && filter.performerId !== 'none', (query) =>
      query.where('performer_id', '=', filter.performerId as PersonId),
    )
    .$if(filter.overdueOn !== null, (query) => query.where('due_on', '<', filter.overdueOn))
    .$if(filter.number !== null, (query) => query.where('number', '=', filter.number))
    .$if(after !== null && isQueue, (query) =>
      query.where(sql<boolean>`(due_on, request_id) > (${after?.at}::date, ${after?.requestId}::uuid)`),
    )
    .$if(after !== null && !isQueue, (query) =>
      query.where(sql<boolean>`(created_at, request_id) < (${after?.at}::timestamptz, ${after?.requestId}::uuid)`),
    )
    .$if(isQueue, (query) => query.orderBy('due_on').orderBy('request_id'))
    .$if(!isQueue, (query) => query.orderBy('created_at', 'desc').orderBy('request_id', 'desc'))
    .limit(limit)
    .execute();
  return rows.map(toRequest);
}

/** What waits, what of it is late and what nobody has taken. */
export async function countWaiting(db: Db, today: Day) {
  const { rows } = await sql<{ waiting: number; overdue: number; unassigned: number }>`
    select count(*)::int as waiting, (count(*) filter (where due_on < ${today}::date))::int as overdue,
      (count(*) filter (where performer_id is null))::int as unassigned
    from support_request where state in ('new', 'in_work')`.execute(db);
  return rows[0]!;
}

export interface KindMonth {
  kindCode: string;
  month: string;
  received: number;
  answered: number;
  inTerm: number;
  waiting: number;
  /** Whole hours from the question to the first answer, of the middle one; null while none is answered. */
  middleHours: number | null;
}

/** Questions by kind and month of receipt. @param since first moment, inclusive */
export async function selectStatistics(db: Db, since: Date, zone: string): Promise<KindMonth[]> {
  const { rows } = await sql<KindMonth>`
    select kind_code as "kindCode", to_char(created_at at time zone ${zone}, 'YYYY-MM') as month, count(*)::int as received,
      count(answered_at)::int as answered,
      (count(*) filter (where (answered_at at time zone ${zone})::date <= promised_on))::int as "inTerm",
      (count(*) filter (where state in ('new', 'in_work')))::int as waiting,
      round(percentile_cont(0.5) within group (order by extract(epoch from answered_at - created_at) / 3600))::int as "middleHours"
    from support_request where created_at >= ${since}
    group by 1, 2 order by 2 desc, 1`.execute(db);
  return rows;
}

export async function selectTemplates(db: Db) {
  const rows = await db.selectFrom('support_template').selectAll().orderBy('title').execute();
  return rows.map((row) => ({ templateId: row.template_id, title: row.title, text: row.text }));
}

/** @returns false when another has the title */
export async function upsertTemplate(db: Db, row: Insertable<Tables['support_template']>): Promise<boolean> {
  const taken = await db
    .selectFrom('support_template')
    .select('template_id')
    .where('title', '=', row.title)
    .where('template_id', '!=', row.template_id)
    .executeTakeFirst();
  if (taken) return false;
  const { title, text, changed_at } = row;
  await db
    .insertInto('support_template')
    .values(row)
    .onConflict((conflict) => conflict.column('template_id').doUpdateSet({ title, text, changed_at }))
    .execute();
  return true;
}

export async function deleteTemplate(db: Db, templateId: TemplateId): Promise<void> {
  await db.deleteFrom('support_template').where('template_id', '=', templateId).execute();
}
