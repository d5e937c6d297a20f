import { type Actor, actingFor, authorise } from '../../../platform/access.ts';
import { type Attachment, readVerdicts } from '../../../platform/attachments/index.ts';
import { auditLook } from '../../../platform/audit/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { disclosedTo } from '../../../platform/disclosure/index.ts';
import { NotFound } from '../../../platform/errors.ts';
import type { FileId, OrganisationId } from '../../../platform/ids.ts';
import { access } from '../access.ts';
import type { Appeal, AppealKey, AppealWhole } from '../appeal.ts';
import { namesOf } from '../names-of.ts';
import { peopleOf } from '../open-at-desk.ts';
import { type DeskLine, selectDeskLines } from '../queries/desk.ts';
import { selectAppealWhole, selectChildren } from '../queries/read-appeals.ts';
import { seenByStaff, withFilesLeft } from '../see-appeal.ts';
import { OWN, recordOfAppeal } from './purposes.ts';

/** An appeal of the territory with all that an inspectorate may read of it. */
export interface Overseen {
  whole: AppealWhole;
  /** The appeal that this one continues, with its whole history. */
  parent: AppealWhole | null;
  children: readonly Appeal[];
  names: ReadonlyMap<OrganisationId, string>;
  files: ReadonlyMap<FileId, Attachment>;
}

/** The desk's row, by which the appeal is the inspectorate's to see: of its territory, to itself, or with a request of its own. @throws NotFound */
export async function findOverseen(
  { db }: Pick<Context, 'db'>,
  actor: Actor,
  key: AppealKey,
): Promise<{ line: DeskLine; isOwn: boolean }> {
  authorise(actor, access.oversee);
  const lines = (await selectDeskLines(db, actingFor(actor).acting, key.appealId)).filter(
    ({ houseId }) => houseId === key.houseId,
  );
  const own = lines.findLast(({ kind, state }) => kind === 'appeal' && state !== 'redirected');
  const line = own ?? lines.find(({ kind }) => kind === 'territory') ?? lines[0];
  if (!line) throw new NotFound('Такого обращения на вашей территории нет.');
  return { line, isOwn: own !== undefined };
}

/** For what the inspector has opened it, in words: without a purpose nothing but the row is shown. */
export async function purposeOf(
  { db, clock }: Context,
  actor: Actor,
  key: AppealKey,
  isOwn: boolean,
): Promise<string | null> {
  if (isOwn) return OWN;
  return (await disclosedTo(db, actingFor(actor), recordOfAppeal(key), clock()))?.purpose ?? null;
}

/**
 * Opens an appeal to be read. Each opening is written down with its purpose before anything is shown.
 * @throws NotFound when it is not of the inspectorate's territory
 */
export async function openOverseen(context: Context, actor: Actor, key: AppealKey, purpose: string): Promise<Overseen> {
  await findOverseen(context, actor, key);
  const inspector = actingFor(actor);
  const { organisationId } = inspector.acting;
  const { db } = context;
  const found = await selectAppealWhole(db, key);
  if (!found) throw new NotFound();
  const { parentId, number } = found.appeal;
  await auditLook(db, inspector, {
    action: 'appeals.overseen',
    at: context.clock(),
    what: `Обращение № ${number}`,
    thingId: key.appealId,
    subjects: peopleOf(found),
    houseId: key.houseId,
    purpose,
    details: { appealId: key.appealId, number },
  });
  const [parent, children] = await Promise.all([
    parentId ? selectAppealWhole(db, { houseId: key.houseId, appealId: parentId }) : null,
    selectChildren(db, key),
  ]);
  const whole = seenByInspectorate(found, organisationId);
  const before = parent && seenByInspectorate(parent, organisationId);
  const wholes = before ? [whole, before] : [whole];
  const [names, files] = await Promise.all([
    namesOf(db, wholes),
    readVerdicts(
      db,
      wholes.flatMap((one) => one.files.map(({ fileId }) => fileId)),
    ),
  ]);
  return { whole, parent: before, children, names, files };
}

/** Without drafts, without what another body does within itself or asks others; with answers to the inspectorate's own requests. */
export function seenByInspectorate(given: AppealWhole, organisationId: OrganisationId): AppealWhole {
  const whole = seenByStaff(given, organisationId);
  const asked = new Set(
    whole.events.flatMap((event) =>
      event.kind === 'requested' && event.organisationId === organisationId ? [event.partId] : [],
    ),
  );
  const parts = whole.parts.filter(
    (part) => part.kind === 'appeal' || asked.has(part.partId) || part.organisationId === organisationId,
  );
  const seen = new Set<string | null>(parts.map(({ partId }) => partId));
  const answers = whole.answers.filter(({ state, partId }) => state === 'sent' && seen.has(partId));
  const events = whole.events.filter(
    (event) =>
      !event.internal ||
      event.organisationId === organisationId ||
      (event.kind === 'request_answered' && asked.has(event.partId)),
  );
  return withFilesLeft({ ...whole, parts, answers, events });
}

/** A file of an appeal that was opened with a purpose: written down too, unless it is a small picture on that page. @throws NotFound */
export async function openOverseenFile(
  context: Context,
  actor: Actor,
  {
    fileId,
    purpose,
    as,
    ...key
  }: AppealKey & { fileId: FileId; purpose: string; as: 'download' | 'preview' | 'thumbnail' },
): Promise<Attachment> {
  await findOverseen(context, actor, key);
  const inspector = actingFor(actor);
  const found = await selectAppealWhole(context.db, key);
  const parentId = found?.appeal.parentId;
  const parent = parentId ? await selectAppealWhole(context.db, { houseId: key.houseId, appealId: parentId }) : null;
  const isSeen = [found, parent].some(
    (whole) =>
      whole && seenByInspectorate(whole, inspector.acting.organisationId).files.some((file) => file.fileId === fileId),
  );
  const attachment = isSeen ? (await readVerdicts(context.db, [fileId])).get(fileId) : undefined;
  if (!found || !attachment) throw new NotFound('Такого файла нет.');
  if (as === 'thumbnail') return attachment;
  await auditLook(context.db, inspector, {
    action: 'appeals.file_overseen',
    at: context.clock(),
    what: `Файл обращения № ${found.appeal.number}`,
    thingId: fileId,
    subjects: [found.appeal.authorId],
    houseId: key.houseId,
    purpose,
    details: { appealId: key.appealId, fileId },
  });
  return attachment;
}
