import type { SignedIn } from '../../../../platform/access.ts';
import { type Attachment, readVerdicts } from '../../../../platform/attachments/index.ts';
import type { Context } from '../../../../platform/context.ts';
import type { Db } from '../../../../platform/database/database.ts';
import { NotFound } from '../../../../platform/errors.ts';
import type { AnswerId, FileId, OrganisationId, PersonId } from '../../../../platform/ids.ts';
import { type LetterState, letterStates } from '../../../../platform/mail/mail.ts';
import type { Appeal, AppealKey, AppealWhole } from '../../appeal.ts';
import { type AuthorActions, authorActions } from '../../author-actions.ts';
import { type Escalation, findEscalation } from '../../find-escalation.ts';
import { namesOf } from '../../names-of.ts';
import { markOwnAppealRead, selectLetters, selectOwnAppeal } from '../../queries/own-appeals.ts';
import { selectAppeal, selectAppealWhole, selectChildren } from '../../queries/read-appeals.ts';
import { seenByAuthor } from '../../see-appeal.ts';
import { doerOf } from './tell-event.ts';

export type Related = AppealKey & Pick<Appeal, 'number' | 'relation'>;
export type Letter = LetterState & { answerId: AnswerId | null };

/** An appeal as its author or a neighbour who joined sees it. */
export interface AppealView {
  role: 'author' | 'joined';
  whole: AppealWhole;
  names: ReadonlyMap<OrganisationId, string>;
  files: ReadonlyMap<FileId, Attachment>;
  /** To the one who looks, the oldest first. */
  letters: readonly Letter[];
  /** The appeal that this one continues, and those that continue it: the author's own. */
  parent: Related | null;
  children: readonly Related[];
  actions: AuthorActions;
  escalation: Escalation | null;
}

const NO_ACTIONS: AuthorActions = { withdraw: false, assess: false, reopen: false, tellFixed: false };

/**
 * All that the page and the document show, in three steps to the database. Opening it takes the mark of the unread down.
 * @throws NotFound when the appeal is not in the person's own list
 */
export async function openAppeal(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  { personId }: Pick<SignedIn, 'personId'>,
  key: AppealKey,
): Promise<AppealView> {
  const [own, found, letters] = await Promise.all([
    selectOwnAppeal(db, personId, key),
    selectAppealWhole(db, key),
    selectLetters(db, key, personId),
  ]);
  if (!own || !found) throw new NotFound();
  const seen = seenByAuthor(found);
  const isAuthor = own.role === 'author';
  const whole = isAuthor ? seen : withoutAuthor(seen);
  const [names, files, states, related, escalation] = await Promise.all([
    namesOf(db, [whole]),
    readVerdicts(
      db,
      whole.files.map(({ fileId }) => fileId),
    ),
    letterStates(
      db,
      personId,
      letters.map(({ mailId }) => mailId),
    ),
    isAuthor ? relatedOf(db, whole.appeal, personId) : { parent: null, children: [] },
    isAuthor ? findEscalation(db, found, clock()) : null,
    own.unread && markOwnAppealRead(db, personId, key.appealId),
  ]);
  return {
    role: own.role,
    whole,
    names,
    files,
    letters: letters.flatMap(({ mailId, answerId }) => {
      const state = states.get(mailId);
      return state ? [{ ...state, answerId }] : [];
    }),
    ...related,
    actions: isAuthor ? authorActions(found) : NO_ACTIONS,
    escalation,
  };
}

/** A neighbour who joined sees the matter and its answers, not who began it and where they live. */
function withoutAuthor(whole: AppealWhole): AppealWhole {
  const { appeal, events } = whole;
  const nobody = { familyName: '', givenName: '', middleName: '', phone: '', email: '', answerEmail: '', flat: '' };
  return {
    ...whole,
    appeal: { ...appeal, ...nobody },
    events: events.map((event) => (doerOf(event) ? event : { ...event, personName: '' })),
  };
}

async function relatedOf(db: Db, appeal: Appeal, personId: PersonId) {
  const [parent, children] = await Promise.all([
    appeal.parentId ? selectAppeal(db, { houseId: appeal.houseId, appealId: appeal.parentId }) : null,
    selectChildren(db, appeal),
  ]);
  const isOwn = ({ authorId }: Appeal) => authorId === personId;
  return { parent: parent && isOwn(parent) ? parent : null, children: children.filter(isOwn) };
}
