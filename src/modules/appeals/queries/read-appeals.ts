import type { Selectable } from 'kysely';
import type { Db, Tables, Transaction } from '../../../platform/database/database.ts';
import type { AppealId, AppealPartId, HouseId, OrganisationId, PersonId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import type { Answer, Appeal, AppealEvent, AppealFile, AppealKey, AppealWhole, Joiner, Part } from '../appeal.ts';
import '../tables.ts';

/** One appeal with all that happened, each list in its order; null when there is none. Six statements, none of them waits for another. */
export async function selectAppealWhole(db: Db, key: AppealKey): Promise<AppealWhole | null> {
  const [appeal, parts, events, answers, files, joiners] = await Promise.all([
    selectAppeal(db, key),
    selectParts(db, key),
    selectEvents(db, key),
    selectAnswers(db, key),
    selectFiles(db, key),
    selectJoiners(db, key),
  ]);
  return appeal && { appeal, parts, events, answers, files, joiners };
}

export async function selectAppeal(db: Db, { houseId, appealId }: AppealKey): Promise<Appeal | null> {
  const row = await db
    .selectFrom('appeal')
    .selectAll()
    .where('house_id', '=', houseId)
    .where('appeal_id', '=', appealId)
    .executeTakeFirst();
  return row ? toAppeal(row) : null;
}

/**
 * Holds the appeal until the end of the transaction: whoever changes it or a part of it takes it first.
 * @param authorId whose it has to be; null for staff
 */
export async function lockAppeal(
  trx: Transaction,
  { houseId, appealId }: AppealKey,
  authorId: PersonId | null = null,
): Promise<Appeal | null> {
  const row = await trx
    .selectFrom('appeal')
    .selectAll()
    .where('house_id', '=', houseId)
    .where('appeal_id', '=', appealId)
    .$if(authorId !== null, (query) => query.where('author_id', '=', authorId!))
    .forUpdate()
    .executeTakeFirst();
  return row ? toAppeal(row) : null;
}

export async function selectParts(db: Db, { houseId, appealId }: AppealKey): Promise<Part[]> {
  const rows = await db
    .selectFrom('appeal_part')
    .selectAll()
    .where('house_id', '=', houseId)
    .where('appeal_id', '=', appealId)
    .orderBy('part_id')
    .execute();
  return rows.map(toPart);
}

/** A part of the appeal, when it is the organisation's. */
export async function selectOwnPart(
  db: Db,
  { houseId, appealId, partId }: AppealKey & { partId: AppealPartId },
  organisationId: OrganisationId,
): Promise<Part | null> {
  const row = await db
    .selectFrom('appeal_part')
    .selectAll()
    .where('house_id', '=', houseId)
    .where('appeal_id', '=', appealId)
    .where('part_id', '=', partId)
    .where('organisation_id', '=', organisationId)
    .executeTakeFirst();
  return row ? toPart(row) : null;
}

export async function selectEvents(db: Db, { houseId, appealId }: AppealKey): Promise<AppealEvent[]> {
  const rows = await db
    .selectFrom('appeal_event')
    .selectAll()
    .where('house_id', '=', houseId)
    .where('appeal_id', '=', appealId)
    .orderBy('event_id')
    .execute();
  return rows.map(toEvent);
}

export async function selectAnswers(db: Db, { houseId, appealId }: AppealKey): Promise<Answer[]> {
  const rows = await db
    .selectFrom('appeal_answer')
    .selectAll()
    .where('house_id', '=', houseId)
    .where('appeal_id', '=', appealId)
    .orderBy('answer_id')
    .execute();
  return rows.map(toAnswer);
}

export async function selectFiles(db: Db, { houseId, appealId }: AppealKey): Promise<AppealFile[]> {
  const rows = await db
    .selectFrom('appeal_file')
    .selectAll()
    .where('house_id', '=', houseId)
    .where('appeal_id', '=', appealId)
    .orderBy('position')
    .orderBy('file_id')
    .execute();
  return rows.map(toFile);
}

export async function selectJoiners(db: Db, { houseId, appealId }: AppealKey): Promise<Joiner[]> {
  const rows = await db
    .selectFrom('appeal_joiner')
    .selectAll()
    .where('house_id', '=', houseId)
    .where('appeal_id', '=', appealId)
    .orderBy('joined_at')
    .execute();
  return rows.map(toJoiner);
}

/** Neighbours who joined, by their ids after one of them. */
export async function selectJoinersAfter(
  db: Db,
  { houseId, appealId }: AppealKey,
  after: PersonId | null,
  limit: number,
): Promise<Joiner[]> {
  const rows = await db
    .selectFrom('appeal_joiner')
    .selectAll()
    .where('house_id', '=', houseId)
    .where('appeal_id', '=', appealId)
    .$if(after !== null, (query) => query.where('person_id', '>', after!))
    .orderBy('person_id')
    .limit(limit)
    .execute();
  return rows.map(toJoiner);
}

const toJoiner = (row: Selectable<Tables['appeal_joiner']>): Joiner => ({
  personId: row.person_id,
  familyName: row.family_name,
  givenName: row.given_name,
  middleName: row.middle_name,
  flat: row.flat,
  answerEmail: row.answer_email,
  joinedAt: row.joined_at,
});

/** Appeals that continue this one. */
export async function selectChildren(db: Db, { houseId, appealId }: AppealKey): Promise<Appeal[]> {
  const rows = await db
    .selectFrom('appeal')
    .selectAll()
    .where('house_id', '=', houseId)
    .where('parent_id', '=', appealId)
    .orderBy('appeal_id')
    .execute();
  return rows.map(toAppeal);
}

/** Whose a number is, by the look-up; null when there is none. */
export async function selectAppealByNumber(db: Db, number: string): Promise<AppealKey | null> {
  const row = await db
    .selectFrom('appeal_number')
    .select(['house_id', 'appeal_id'])
    .where('number', '=', number)
    .executeTakeFirst();
  return row ? { houseId: row.house_id, appealId: row.appeal_id } : null;
}

/** The house row that stands for a municipality's territory; null until the first appeal about it. */
export async function selectTerritory(db: Db, oktmo: string): Promise<HouseId | null> {
  const row = await db.selectFrom('territory').select('house_id').where('oktmo', '=', oktmo).executeTakeFirst();
  return row?.house_id ?? null;
}

const toAppeal = (row: Selectable<Tables['appeal']>): Appeal => ({
  houseId: row.house_id,
  appealId: row.appeal_id as AppealId,
  number: row.number,
  state: row.state,
  authorId: row.author_id,
  familyName: row.family_name,
  givenName: row.given_name,
  middleName: row.middle_name,
  phone: row.phone,
  email: row.email,
  answerEmail: row.answer_email,
  fiasGuid: row.fias_guid,
  address: row.address,
  flat: row.flat,
  regionCode: row.region_code,
  oktmo: row.oktmo,
  municipality: row.municipality,
  zone: row.zone,
  topicCode: row.topic_code,
  topicName: row.topic_name,
  ownTopic: row.own_topic,
  text: row.text,
  emergency: row.emergency,
  parentId: row.parent_id,
  relation: row.relation,
  joined: row.joined,
  extended: row.extended,
  redirected: row.redirected,
  redirectedOutside: row.redirected_outside,
  answerNotRequired: row.answer_not_required,
  reopened: row.reopened,
  assessment: row.assessment,
  withdrawnComment: row.withdrawn_comment,
  fixedAskedAt: row.fixed_asked_at,
  fixed: row.fixed,
  createdAt: row.created_at,
  sentAt: row.sent_at,
  executedAt: row.executed_at,
  changedAt: row.changed_at,
});

const toPart = (row: Selectable<Tables['appeal_part']>): Part => ({
  partId: row.part_id,
  kind: row.kind,
  organisationId: row.organisation_id,
  powerCode: row.power_code,
  state: row.state,
  fromPartId: row.from_part_id,
  requestText: row.request_text,
  receivedAt: row.received_at,
  registeredOn: row.registered_on as Day | null,
  registrationNumber: row.registration_number,
  performerId: row.performer_id,
  performerName: row.performer_name,
  plannedOn: row.planned_on as Day | null,
  dueOn: row.due_on as Day | null,
  dueAt: row.due_at,
  termKey: row.term_key,
  termSource: row.term_source,
  extendedFrom: row.extended_from as Day | null,
  extensions: row.extensions,
  reminded: row.reminded,
  overdueAt: row.overdue_at,
  closedAt: row.closed_at,
});

const toEvent = (row: Selectable<Tables['appeal_event']>): AppealEvent => ({
  eventId: row.event_id,
  partId: row.part_id,
  kind: row.kind,
  at: row.at,
  organisationId: row.organisation_id,
  personId: row.person_id,
  personName: row.person_name,
  internal: row.internal,
  details: row.details,
});

const toAnswer = (row: Selectable<Tables['appeal_answer']>): Answer => ({
  answerId: row.answer_id,
  partId: row.part_id,
  state: row.state,
  number: row.number,
  answeredOn: row.answered_on as Day | null,
  outcome: row.outcome,
  performerName: row.performer_name,
  performerPost: row.performer_post,
  text: row.text,
  interim: row.interim,
  writtenBy: row.written_by,
  sentAt: row.sent_at,
  changedAt: row.changed_at,
});

const toFile = (row: Selectable<Tables['appeal_file']>): AppealFile => ({
  fileId: row.file_id,
  answerId: row.answer_id,
  eventId: row.event_id,
  name: row.name,
  description: row.description,
  mediaType: row.media_type,
  sizeBytes: Number(row.size_bytes),
  signsFileId: row.signs_file_id,
  position: row.position,
});
