import { type Actor, actingFor, authorise, type Desk } from '../../platform/access.ts';
import { type Attachment, readVerdicts } from '../../platform/attachments/index.ts';
import { auditLook } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { NotFound } from '../../platform/errors.ts';
import type { AppealPartId, FileId, OrganisationId, PersonId } from '../../platform/ids.ts';
import { access } from './access.ts';
import type { Appeal, AppealKey, AppealWhole, Part } from './appeal.ts';
import { namesOf } from './names-of.ts';
import { type DeskLine, selectDeskLines } from './queries/desk.ts';
import { type Note, selectNotes } from './queries/notes.ts';
import { selectAppealWhole, selectChildren } from './queries/read-appeals.ts';
import { seenByStaff, withFilesLeft } from './see-appeal.ts';

/** An appeal to the organisation itself needs no other purpose: to answer it is one. */
const OWN_APPEAL = 'Рассмотрение обращения';

/** The author, and neighbours who joined: their names stand on the page. */
export const peopleOf = ({ appeal, joiners }: AppealWhole): PersonId[] => [
  appeal.authorId,
  ...joiners.map(({ personId }) => personId),
];

/** An appeal with all that an addressee may see of it. */
export interface AppealAtDesk {
  whole: AppealWhole;
  /** The organisation's own handling that is looked at. */
  part: Part;
  line: DeskLine;
  /** The file of the appeal that this one continues: an escalation brings it along. */
  parent: AppealWhole | null;
  children: readonly Appeal[];
  notes: readonly Note[];
  names: ReadonlyMap<OrganisationId, string>;
  /** What became of the files of the appeal and of its parent. */
  files: ReadonlyMap<FileId, Attachment>;
}

/**
 * Opens an appeal at the desk of an addressee. Written down: somebody else's matter is read.
 * @param partId which of the organisation's handlings; by default the open one, else the last
 * @throws NotFound when the organisation has no part in it
 */
export async function openAtDesk(
  context: Context,
  actor: Actor,
  key: AppealKey,
  partId: AppealPartId | null,
): Promise<AppealAtDesk> {
  authorise(actor, access.workDesk);
  const clerk = actingFor(actor);
  const { organisationId } = clerk.acting;
  const { db } = context;
  const { part, line, whole } = await readOwn(context, clerk.acting, key, partId);
  const [before, children, notes] = await Promise.all([
    readParent(context, organisationId, whole),
    selectChildren(db, key),
    selectNotes(db, organisationId, key.appealId),
    auditLook(db, clerk, {
      action: 'appeals.viewed',
      at: context.clock(),
      what: `Обращение № ${whole.appeal.number}`,
      thingId: key.appealId,
      subjects: peopleOf(whole),
      houseId: key.houseId,
      purpose: OWN_APPEAL,
      details: { appealId: key.appealId },
    }),
  ]);
  const [names, files] = await Promise.all([
    namesOf(db, [whole, ...(before ? [before] : [])]),
    readVerdicts(
      db,
      [...whole.files, ...(before?.files ?? [])].map(({ fileId }) => fileId),
    ),
  ]);
  return { whole, part, line, parent: before, children, notes, names, files };
}

/** @throws NotFound when the desk has no row of the appeal */
async function readOwn(
  { db }: Context,
  desk: Desk,
  key: AppealKey,
  partId: AppealPartId | null,
): Promise<{ part: Part; line: DeskLine; whole: AppealWhole }> {
  const lines = (await selectDeskLines(db, desk, key.appealId)).filter(
    ({ kind, houseId }) => (kind === 'appeal' || kind === 'request') && houseId === key.houseId,
  );
  const line =
    lines.find(({ deskId }) => deskId === partId) ??
    lines.findLast(({ state }) => state === 'received' || state === 'in_work') ??
    lines.at(-1);
  const found = line && (await selectAppealWhole(db, key));
  const part = found?.parts.find((one) => one.partId === line?.deskId);
  if (!line || !found || !part) throw new NotFound('Такого обращения у вашей организации нет.');
  return { part, line, whole: narrowed(forOrganisation(found, desk.organisationId), desk.organisationId) };
}

/** The appeal that this one continues: who is only asked for information needs no second file. */
async function readParent(
  { db }: Context,
  organisationId: OrganisationId,
  { appeal, parts }: AppealWhole,
): Promise<AppealWhole | null> {
  const { houseId, parentId } = appeal;
  const isAddressed = parts.some((part) => part.kind === 'appeal' && part.organisationId === organisationId);
  const parent = parentId && isAddressed ? await selectAppealWhole(db, { houseId, appealId: parentId }) : null;
  return parent && forOrganisation(parent, organisationId);
}

/** Who has passed an appeal on reads it as it was then; who is only asked about it reads what it is about. */
function narrowed(whole: AppealWhole, organisationId: OrganisationId): AppealWhole {
  const own = whole.parts.filter((part) => part.organisationId === organisationId);
  const addressed = own.filter(({ kind }) => kind === 'appeal');
  if (addressed.length === 0) return asAsked(whole, own);
  if (addressed.some(({ state }) => state !== 'redirected')) return whole;
  return until(whole, new Date(Math.max(...addressed.map(({ closedAt }) => closedAt!.getTime()))));
}

/** Without how to reach the author and neighbours, and without what others have answered. */
function asAsked(whole: AppealWhole, own: readonly Part[]): AppealWhole {
  const isOwn = (partId: string | null) => own.some((part) => part.partId === partId);
  const parts = whole.parts.filter(({ partId }) => isOwn(partId) || own.some((part) => part.fromPartId === partId));
  const answers = whole.answers.filter(({ partId }) => isOwn(partId));
  const events = whole.events.filter(({ kind, partId }) => kind === 'sent' || isOwn(partId));
  const appeal = { ...whole.appeal, phone: '', email: '', answerEmail: '' };
  return withFilesLeft({ ...whole, appeal, parts, answers, events, joiners: [] });
}

function until(whole: AppealWhole, at: Date): AppealWhole {
  return withFilesLeft({
    ...whole,
    parts: whole.parts.filter(({ receivedAt }) => receivedAt <= at),
    answers: whole.answers.filter(({ sentAt }) => sentAt === null || sentAt <= at),
    events: whole.events.filter((event) => event.at <= at),
    joiners: whole.joiners.filter(({ joinedAt }) => joinedAt <= at),
  });
}

/**
 * What another body does within itself, and what it asks third parties, is not for this organisation; an inspectorate reads the answers
 * to its own requests.
 */
function forOrganisation(given: AppealWhole, organisationId: OrganisationId): AppealWhole {
  const whole = seenByStaff(given, organisationId);
  const own = new Set(whole.parts.filter((part) => part.organisationId === organisationId).map(({ partId }) => partId));
  const isSeen = (part: Part) =>
    part.kind === 'appeal' || own.has(part.partId) || (part.fromPartId !== null && own.has(part.fromPartId));
  const parts = whole.parts.filter(isSeen);
  const seen = new Set(parts.map(({ partId }) => partId));
  const answers = whole.answers.filter(({ partId }) => seen.has(partId));
  const events = whole.events.filter(
    (event) =>
      !event.internal ||
      event.organisationId === organisationId ||
      (event.kind === 'request_answered' && event.partId !== null && seen.has(event.partId)),
  );
  return withFilesLeft({ ...whole, parts, answers, events });
}

/**
 * A file of an appeal that the organisation handles, or of the appeal before it. Written down, unless it is its own or a small picture of
 * it: that stands on the page of the appeal, which is written down itself and alone tells the file's address.
 * @throws NotFound
 */
export async function openFileAtDesk(
  context: Context,
  actor: Actor,
  { fileId, as, ...key }: AppealKey & { fileId: FileId; as: 'download' | 'preview' | 'thumbnail' },
): Promise<{ attachment: Attachment; isOwn: boolean }> {
  authorise(actor, access.workDesk);
  const clerk = actingFor(actor);
  const { organisationId } = clerk.acting;
  const { whole } = await readOwn(context, clerk.acting, key, null);
  const before = await readParent(context, organisationId, whole);
  const file = [...whole.files, ...(before?.files ?? [])].find((one) => one.fileId === fileId);
  const attachment = file && (await readVerdicts(context.db, [fileId])).get(fileId);
  if (!attachment) throw new NotFound('Такого файла нет.');
  const own = new Set(whole.parts.filter((part) => part.organisationId === organisationId).map(({ partId }) => partId));
  const isOwn = whole.answers.some(({ answerId, partId }) => answerId === file.answerId && own.has(partId));
  if (!isOwn && as !== 'thumbnail')
    await auditLook(context.db, clerk, {
      action: 'appeals.file_viewed',
      at: context.clock(),
      what: `Файл обращения № ${whole.appeal.number}`,
      thingId: fileId,
      subjects: [whole.appeal.authorId],
      houseId: key.houseId,
      purpose: OWN_APPEAL,
      details: { appealId: key.appealId, fileId },
    });
  return { attachment, isOwn };
}
