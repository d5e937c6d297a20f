import type { OrganisationId } from '../../platform/ids.ts';
import type { Appeal, AppealFile, AppealWhole } from './appeal.ts';

/** Without what staff alone may see: requests of inspectorates and their answers, assignments, drafts, their files, other neighbours. */
export function seenByAuthor(whole: AppealWhole): AppealWhole {
  const parts = whole.parts.filter(({ kind }) => kind === 'appeal');
  const own = new Set(parts.map(({ partId }) => partId));
  const answers = whole.answers.filter(({ state, partId }) => state === 'sent' && own.has(partId));
  const events = whole.events.filter(({ internal, partId }) => !internal && (partId === null || own.has(partId)));
  return withFilesLeft({ ...whole, parts, answers, events, joiners: [] });
}

/** Without drafts of other organisations. */
export function seenByStaff(whole: AppealWhole, organisationId: OrganisationId): AppealWhole {
  const own = new Set(whole.parts.filter((part) => part.organisationId === organisationId).map(({ partId }) => partId));
  const answers = whole.answers.filter(({ state, partId }) => state === 'sent' || own.has(partId));
  return withFilesLeft({ ...whole, answers });
}

/** With the files of the appeal itself, and of the answers and events that are left. */
export function withFilesLeft(whole: AppealWhole): AppealWhole {
  const { answers, events } = whole;
  const kept = new Set<string>([...answers.map(({ answerId }) => answerId), ...events.map(({ eventId }) => eventId)]);
  const files = whole.files.filter(
    ({ answerId, eventId }) => (answerId === null || kept.has(answerId)) && (eventId === null || kept.has(eventId)),
  );
  return { ...whole, files };
}

/** Whether a file is surely the author's own sending: a complaint to the body above carries files of answers among its own. */
export const isSentByAuthor = ({ relation }: Appeal, { answerId, eventId }: AppealFile): boolean =>
  relation !== 'escalation' && answerId === null && eventId === null;
