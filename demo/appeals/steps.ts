import { Readable } from 'node:stream';
import {
  type AppealKey,
  addFiles,
  assignAppeals,
  attachToAnswer,
  type DraftContent,
  deleteDraft,
  EMPTY_DRAFT,
  joinAppeal,
  type Outcome,
  type PartKey,
  readDraft,
  saveAnswer,
  saveDraft,
  sendAnswer,
  sendAppeal,
} from '../../src/modules/appeals/index.ts';
import { actingFor, type SignedIn } from '../../src/platform/access.ts';
import { type ReceivedAttachment, receiveAttachment } from '../../src/platform/attachments/index.ts';
import type { DraftId, OrganisationId, PersonId } from '../../src/platform/ids.ts';
import type { Day } from '../../src/platform/month.ts';
import { idsOf } from '../random.ts';
import { contextAt, type Past } from './past.ts';
import type { Author } from './people.ts';
import { type PartAtDesk, selectPart } from './queries.ts';

/** A file as it lies on somebody's telephone. */
export interface File {
  name: string;
  content: Buffer;
  description?: string;
}

export interface Letter {
  topicCode: string;
  text: string;
  ownTopic?: string;
  addressee: { organisationId: OrganisationId; powerCode: string };
  file?: File | undefined;
  /** What a draft says beside it: a house that is not in the district. */
  content?: Partial<DraftContent>;
}

/** The same appeals have the same ids: it is the draft's that the appeal keeps. */
export const draftIdOf = ({ seed }: Past, author: Author, moment: Date): DraftId =>
  idsOf(seed, 'draft', author.actor.personId, moment.getTime())<DraftId>(moment);

/** Types a letter and puts its file to it, without sending. */
export async function write(past: Past, author: Author, moment: Date, letter: Letter): Promise<DraftId> {
  const context = contextAt(past, moment);
  const { actor, flat, email, phone } = author;
  const typed = { flat, email, phone, answerEmail: email, ownTopic: letter.ownTopic ?? '', text: letter.text };
  const begun: DraftContent = {
    ...EMPTY_DRAFT,
    ...past.places[author.house],
    topicCode: letter.topicCode,
    addresseeId: letter.addressee.organisationId,
    addresseePower: letter.addressee.powerCode,
    addresseeChosen: true,
    ...letter.content,
    ...typed,
  };
  const draftId = draftIdOf(past, author, moment);
  await saveDraft(context, actor, { draftId, version: 0, typed, begun });
  if (letter.file) {
    const received = await receive(past, letter.file);
    await addFiles(context, actor, draftId, [received], letter.file.description ?? '');
  }
  return draftId;
}

export const receive = (past: Past, { name, content }: File): Promise<ReceivedAttachment> =>
  receiveAttachment(past.context, Readable.from([content]), { name, field: 'files' });

/** Sends a letter. @returns its handling by the addressee */
export async function send(past: Past, author: Author, moment: Date, letter: Letter): Promise<PartAtDesk> {
  const draftId = await write(past, author, moment, letter);
  const version = letter.file ? (await readDraft(past.context, author.actor.personId, draftId)).draft.version : 1;
  const sent = await sendAppeal(contextAt(past, moment), author.actor, { draftId, version, key: draftId });
  return partOf(past, sent, letter.addressee);
}

export const partOf = (past: Past, key: AppealKey, { organisationId }: { organisationId: OrganisationId }) =>
  selectPart(past.context.db, key, organisationId);

/** Takes an appeal on: it is registered, and somebody works on it. */
export async function take(
  past: Past,
  clerk: SignedIn,
  moment: Date,
  part: PartKey,
  performerId: PersonId = clerk.personId,
  plannedOn?: Day,
): Promise<void> {
  const items = [part];
  const given = plannedOn ? { items, performerId, plannedOn } : { items, performerId };
  const [result] = await assignAppeals(contextAt(past, moment), clerk, given);
  if (!result?.done) throw new Error(`an appeal of the demonstration is not taken: ${result?.sentence}`);
}

export interface Reply {
  outcome: Outcome;
  text: string;
  /** More answers will follow. */
  interim?: boolean;
  file?: File;
}

const POSTS: Readonly<Record<string, string>> = {
  head: 'Руководитель',
  clerk: 'Специалист по работе с обращениями',
};

export async function answer(past: Past, clerk: SignedIn, moment: Date, part: PartKey, reply: Reply): Promise<void> {
  const context = contextAt(past, moment);
  const { outcome, text, interim = false, file } = reply;
  const performerPost = POSTS[actingFor(clerk).acting.role] ?? '';
  const draft = { ...part, number: '', outcome, performerPost, text, interim };
  const { answerId } = await saveAnswer(context, clerk, draft);
  if (file) {
    const { description = '' } = file;
    await attachToAnswer(context, clerk, { ...part, answerId, file: await receive(past, file), description });
  }
  await sendAnswer(context, clerk, { ...part, answerId, key: answerId });
}

/** A neighbour writes about the same, is shown the appeal that is there, and joins it. */
export async function join(
  past: Past,
  neighbour: Author,
  moment: Date,
  letter: Letter,
  { houseId, appealId }: AppealKey,
): Promise<void> {
  const context = contextAt(past, moment);
  const draftId = await write(past, neighbour, moment, letter);
  await joinAppeal(context, neighbour.actor, { houseId, appealId, draftId });
  await deleteDraft(context, neighbour.actor, draftId);
}
