import { Readable } from 'node:stream';
import { sql } from 'kysely';
import type { Appeal, AppealKey, AppealWhole } from '../../src/modules/appeals/appeal.ts';
import { insertNumbered } from '../../src/modules/appeals/insert-numbered.ts';
import { openPart } from '../../src/modules/appeals/open-part.ts';
import { projectAppeal } from '../../src/modules/appeals/project-appeal.ts';
import { selectAppealWhole, selectJoiners } from '../../src/modules/appeals/queries/read-appeals.ts';
import { insertFiles, insertJoiner, updateAppeal } from '../../src/modules/appeals/queries/write-appeals.ts';
import { recordEvent } from '../../src/modules/appeals/record-event.ts';
import { topicOf } from '../../src/modules/appeals/topics.ts';
import { loadClassifiers } from '../../src/modules/classifiers/index.ts';
import type { SignedIn } from '../../src/platform/access.ts';
import { type ReceivedAttachment, receiveAttachment, recordAttachment } from '../../src/platform/attachments/index.ts';
import type { Context } from '../../src/platform/context.ts';
import { type Db, transaction } from '../../src/platform/database/database.ts';
import {
  type AppealId,
  type AppealPartId,
  type HouseId,
  newId,
  type OrganisationId,
  type PersonId,
} from '../../src/platform/ids.ts';
import type { JobKind } from '../../src/platform/jobs/jobs.ts';
import { loadRules } from '../../src/platform/rules/load.ts';
import { createTestContext, type TestContext } from './context.ts';
import { actingOf, actorOf, buildEmployee, buildHouse, buildOrganisation, buildPerson } from './rows.ts';

/** Rows of appeals for the tests of all who work with them. Each call makes an appeal of its own. */

/** A context with the dated rules, the calendar and the classifiers that terms and escalations follow. */
export async function createAppealContext(): Promise<TestContext> {
  const context = await createTestContext();
  await loadRules(context.db);
  await loadClassifiers(context.db);
  return context;
}

export interface AppealGiven {
  houseId?: HouseId;
  authorId?: PersonId;
  /** Its organisation and role: a new managing organisation when absent. */
  addressee?: { organisationId: OrganisationId; powerCode: string };
  topicCode?: string;
  topicName?: string;
  text?: string;
  answerEmail?: string;
  regionCode?: string;
  oktmo?: string;
  zone?: string;
  flat?: string;
  files?: readonly ReceivedAttachment[];
}

export interface BuiltAppeal extends AppealKey {
  number: string;
  partId: AppealPartId;
  authorId: PersonId;
  organisationId: OrganisationId;
}

/** An appeal that was sent to one addressee a moment ago, as the queues and lists show it. */
export async function buildAppeal(context: Context, given: AppealGiven = {}): Promise<BuiltAppeal> {
  const houseId = given.houseId ?? (await buildHouse(context));
  const authorId = given.authorId ?? (await buildPerson(context));
  const addressee = given.addressee ?? { organisationId: await buildOrganisation(context), powerCode: '1' };
  const at = context.clock();
  return transaction(context.db, async (trx) => {
    const appeal = await insertOne(trx, { ...given, houseId, authorId }, at);
    const partId = await openPart(trx, appeal, { kind: 'appeal', ...addressee }, at);
    await recordEvent(trx, appeal, { kind: 'sent' }, at);
    for (const file of given.files ?? []) await recordAttachment(trx, file, at);
    await insertFiles(
      trx,
      (given.files ?? []).map(({ fileId, name, mediaType, sizeBytes }, position) => ({
        house_id: houseId,
        appeal_id: appeal.appealId,
        file_id: fileId,
        answer_id: null,
        event_id: null,
        name,
        media_type: mediaType,
        size_bytes: BigInt(sizeBytes),
        signs_file_id: null,
        position,
      })),
    );
    await projectAppeal(trx, appeal, at);
    const { appealId, number } = appeal;
    return { houseId, appealId, number, partId, authorId, organisationId: addressee.organisationId };
  });
}

async function insertOne(
  db: Db,
  given: AppealGiven & { houseId: HouseId; authorId: PersonId },
  at: Date,
): Promise<Appeal> {
  const appealId = newId<AppealId>();
  const topicCode = given.topicCode ?? '1.3';
  await insertNumbered(db, {
    house_id: given.houseId,
    appeal_id: appealId,
    state: 'sent',
    author_id: given.authorId,
    family_name: 'Петрова',
    given_name: 'Анна',
    middle_name: 'Ивановна',
    answer_email: given.answerEmail ?? 'anna@example.test',
    fias_guid: null,
    address: 'г. Москва, ул. Лескова, д. 1',
    flat: given.flat ?? '12',
    region_code: given.regionCode ?? '77',
    oktmo: given.oktmo ?? '45350000',
    municipality: 'Бибирево',
    zone: given.zone ?? 'Europe/Moscow',
    topic_code: topicCode,
    topic_name: given.topicName ?? 'Уборка придомовой территории',
    text: given.text ?? 'Двор не убирали две недели.',
    emergency: topicOf(topicCode).emergency,
    parent_id: null,
    relation: null,
    assessment: null,
    fixed_asked_at: null,
    fixed: null,
    created_at: at,
    sent_at: at,
    executed_at: null,
    changed_at: at,
  });
  return (await selectAppealWhole(db, { houseId: given.houseId, appealId }))!.appeal;
}

/** A neighbour who joined the appeal, with a list of their own. */
export async function buildJoiner(context: Context, appeal: AppealKey, answerEmail = 'boris@example.test') {
  const personId = await buildPerson(context, { familyName: 'Сосед' });
  await transaction(context.db, async (trx) => {
    await insertJoiner(trx, {
      house_id: appeal.houseId,
      appeal_id: appeal.appealId,
      person_id: personId,
      family_name: 'Сосед',
      given_name: 'Борис',
      answer_email: answerEmail,
      joined_at: context.clock(),
    });
    await updateAppeal(trx, appeal, { joined: (await selectJoiners(trx, appeal)).length });
    await projectAppeal(trx, appeal, context.clock());
  });
  return personId;
}

/** An organisation with a power in region 77 and a clerk of it who acts for it. */
export async function buildDesk(
  context: Context,
  powerCode = '1',
  given: Parameters<typeof buildOrganisation>[1] = {},
): Promise<{ organisationId: OrganisationId; powerCode: string; clerkId: PersonId; clerk: SignedIn }> {
  const organisationId = await buildOrganisation(context, given);
  const clerkId = await buildEmployee(context, organisationId, 'clerk', [powerCode]);
  const clerk = actorOf(clerkId, {
    name: 'Служащая Анна Ивановна',
    acting: actingOf(organisationId, { powers: [powerCode] }),
  });
  return { organisationId, powerCode, clerkId, clerk };
}

/** A small PDF as it comes out of a form. */
export const receivePdf = (context: Context, name = 'акт.pdf'): Promise<ReceivedAttachment> =>
  receiveAttachment(context, Readable.from([Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n')]), {
    name,
    field: 'file',
  });

/** All that is known of an appeal. @throws Error when it is gone */
export async function readWhole(context: Context, key: AppealKey): Promise<AppealWhole> {
  const whole = await selectAppealWhole(context.db, key);
  if (!whole) throw new Error('no such appeal');
  return whole;
}

/** An appeal on the desk of one organisation, with those who work on it. */
export async function buildScene(context: Context, powerCode = '1', given: Omit<AppealGiven, 'addressee'> = {}) {
  const desk = await buildDesk(context, powerCode, { email: 'desk@example.test' });
  const appeal = await buildAppeal(context, { ...given, addressee: desk });
  const { houseId, appealId, partId } = appeal;
  const key = { houseId, appealId };
  return { desk, clerk: desk.clerk, author: actorOf(appeal.authorId), appeal, key, part: { ...key, partId } };
}

/** A finished answer as a clerk's form sends it. */
export const ANSWER = {
  number: '',
  outcome: 'satisfied' as const,
  performerPost: 'Инженер',
  text: 'Двор убран 9 ноября.',
  interim: false,
};

/** Runs the jobs of a kind that wait, here and now; they go on waiting. */
export async function runJobs<Payload>(context: Context, kind: JobKind<Payload>): Promise<void> {
  const { rows } = await sql<{ payload: unknown }>`
    select job.payload from graphile_worker._private_jobs job join graphile_worker._private_tasks task on task.id = job.task_id
    where task.identifier = ${kind.name} order by job.id`.execute(context.db);
  for (const { payload } of rows) await kind.run(context, kind.payload.parse(payload), context.log);
}

/** Letters of a person, or to an organisation's own address, as they wait to go out. */
export const lettersTo = (context: Context, mailbox: PersonId | OrganisationId) =>
  context.db
    .selectFrom('mail_message')
    .select(['mail_id as mailId', 'recipient', 'subject', 'body'])
    .where('person_id', '=', mailbox as string as PersonId)
    .orderBy('mail_id')
    .execute();
