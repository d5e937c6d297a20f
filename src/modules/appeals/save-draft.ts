import { type Actor, authorise, personOf } from '../../platform/access.ts';
import { readVerdicts, removeAttachment } from '../../platform/attachments/index.ts';
import type { Context } from '../../platform/context.ts';
import { type Db, type Transaction, transaction } from '../../platform/database/database.ts';
import { Invalid, NotFound, TooMany } from '../../platform/errors.ts';
import type { DraftId, OrganisationId, PersonId } from '../../platform/ids.ts';
import { dayIn } from '../../platform/month.ts';
import { getWholeNumber } from '../../platform/rules/rules.ts';
import { access } from './access.ts';
import { type Draft, type DraftContent, StaleDraft, sameTyped, TYPED_FIELDS, type TypedFields } from './draft.ts';
import { offerAddressees } from './find-addressees.ts';
import {
  countDrafts,
  deleteDraftRow,
  insertDraft,
  lockAuthor,
  lockDraft,
  selectDraft,
  selectDraftFiles,
  selectOwnLine,
  updateDraft,
} from './queries/drafts.ts';

const ZONE = 'Europe/Moscow';
/** More than may be sent, so that a text that is too long is kept until its author has shortened it. */
const LONGEST_KEPT = 40_000;
const GONE = 'Этого черновика нет: его уже отправили или удалили. Отправленные обращения есть в списке «Обращения».';

export interface SaveInput {
  draftId: DraftId;
  /** As the page had it; 0 on a page that nothing was saved from yet. */
  version: number;
  typed: TypedFields;
  /** What a new draft begins with. */
  begun: DraftContent;
}

/**
 * Keeps what is typed on the form. Whatever is wrong in it is said at sending: a draft is never refused for being unfinished.
 * @throws StaleDraft when the draft has changed since the page was opened; TooMany when there are too many drafts
 */
export async function saveDraft(context: Context, actor: Actor, input: SaveInput): Promise<Draft> {
  authorise(actor, access.writeAppeal);
  const { personId } = personOf(actor);
  const key = { personId, draftId: input.draftId };
  const typed = checkLengths(input.typed);
  const at = context.clock();
  return transaction(context.db, async (trx) => {
    const saved = await lockDraft(trx, key);
    if (!saved) {
      if (input.version > 0) throw new NotFound(GONE);
      await beginDraft(trx, key, await withAddressee(trx, { ...input.begun, ...typed }), at);
    } else if (saved.version !== input.version) {
      // The same words again: an answer that was lost on its way, or a second click.
      if (!sameTyped(saved, typed)) throw new StaleDraft(saved);
    } else if (!sameTyped(saved, typed)) await updateDraft(trx, key, { ...saved, ...typed }, at);
    return (await selectDraft(trx, key))!;
  });
}

async function beginDraft(
  trx: Transaction,
  key: { personId: PersonId; draftId: DraftId },
  content: DraftContent,
  at: Date,
): Promise<void> {
  await lockAuthor(trx, key.personId);
  const most = await getWholeNumber(trx, 'appeal.drafts_most', dayIn(ZONE, at));
  if ((await countDrafts(trx, key.personId)) >= most)
    throw new TooMany(
      `У вас ${most} неотправленных обращений. Отправьте или удалите старые, чтобы начать новое.`,
      null,
    );
  // A page that was left open: its draft has been sent, and the appeal bears its id.
  if (await selectOwnLine(trx, key.personId, key.draftId)) throw new NotFound(GONE);
  if (!(await insertDraft(trx, key, content, at))) throw new NotFound(GONE);
}

/**
 * Changes what is chosen in a window: the place, the topic, the addressee. What is typed stays as it is.
 * An addressee that the author has not chosen follows the place and the topic.
 * @throws NotFound when the draft is not the person's
 */
export async function changeDraft(
  context: Context,
  actor: Actor,
  draftId: DraftId,
  change: (draft: Draft, trx: Transaction) => Promise<Partial<DraftContent>> | Partial<DraftContent>,
): Promise<void> {
  authorise(actor, access.writeAppeal);
  const key = { personId: personOf(actor).personId, draftId };
  await transaction(context.db, async (trx) => {
    const draft = await lockDraft(trx, key);
    if (!draft) throw new NotFound(GONE);
    const changed = { ...draft, ...(await change(draft, trx)) };
    const isElsewhere = changed.fiasGuid !== draft.fiasGuid || changed.oktmo !== draft.oktmo;
    // The appeal that it continues is about another house.
    if (isElsewhere && draft.parentId) Object.assign(changed, { parentHouseId: null, parentId: null, relation: null });
    await updateDraft(trx, key, await withAddressee(trx, changed, isElsewhere), context.clock());
  });
}

/** Who answers for this place and topic, where the author has not chosen. After a change of place a choice stays if it still serves it. */
export async function withAddressee(db: Db, content: DraftContent, isElsewhere = false): Promise<DraftContent> {
  const isPlaced = content.topicCode !== '' && content.regionCode !== '';
  if (content.addresseeChosen && !isElsewhere) return content;
  const offered = isPlaced ? await offerAddressees(db, content, content.topicCode) : [];
  if (content.addresseeChosen && offered.some((one) => one.organisationId === content.addresseeId)) return content;
  const first = offered.find(({ fits }) => fits);
  return {
    ...content,
    addresseeId: first?.organisationId ?? null,
    addresseePower: first?.powerCode ?? '',
    addresseeChosen: false,
  };
}

/** The author names the addressee. */
export const chooseAddressee = (
  context: Context,
  actor: Actor,
  draftId: DraftId,
  addressee: { organisationId: OrganisationId; powerCode: string },
): Promise<void> =>
  changeDraft(context, actor, draftId, () => ({
    addresseeId: addressee.organisationId,
    addresseePower: addressee.powerCode,
    addresseeChosen: true,
  }));

/** Deletes a draft with its files. @throws NotFound when it is not the person's */
export async function deleteDraft(context: Context, actor: Actor, draftId: DraftId): Promise<void> {
  authorise(actor, access.writeAppeal);
  const key = { personId: personOf(actor).personId, draftId };
  await transaction(context.db, async (trx) => {
    if (!(await lockDraft(trx, key))) throw new NotFound(GONE);
    const files = await selectDraftFiles(trx, key);
    await deleteDraftRow(trx, key);
    for (const { fileId } of files) await removeAttachment(trx, fileId);
  });
}

/** A draft of the person with its files and what became of them. @throws NotFound */
export async function readDraft(context: Pick<Context, 'db'>, personId: PersonId, draftId: DraftId) {
  const key = { personId, draftId };
  const [draft, files] = await Promise.all([selectDraft(context.db, key), selectDraftFiles(context.db, key)]);
  if (!draft) throw new NotFound(GONE);
  const verdicts = await readVerdicts(
    context.db,
    files.map(({ fileId }) => fileId),
  );
  return { draft, files: files.map((file) => ({ ...file, attachment: verdicts.get(file.fileId) ?? null })) };
}

function checkLengths(typed: TypedFields): TypedFields {
  const long = TYPED_FIELDS.filter((field) => typed[field].length > (field === 'text' ? LONGEST_KEPT : 1000));
  if (long.length === 0) return typed;
  throw new Invalid(
    long.map((field) => ({ field, message: 'Слишком длинно: этот текст сохранить нельзя. Сократите его.' })),
  );
}
