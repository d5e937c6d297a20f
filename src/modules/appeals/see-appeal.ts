import type { OrganisationId } from '../../platform/ids.ts';
import type { AppealFile, AppealWhole } from './appeal.ts';

/** Without what staff alone may see: requests of inspectorates and their answers, assignments, drafts, their files, other neighbours. */
export function seenByAuthor(whole: AppealWhole): AppealWhole {
  const parts = whole.parts.filter(({ kind }) => kind === 'appeal');
  const own = new Set(parts.map(({ partId }) => partId));
  const answers = whole.answers.filter(({ state, partId }) => state === 'sent' && own.has(partId));
  const events = whole.events.filter(({ internal, partId }) => !internal && (partId === null || own.has(partId)));
  return { ...whole, parts, answers, events, files: filesOf({ ...whole, answers, events }), joiners: [] };
}

/** Without drafts of other organisations. */
export function seenByStaff(whole: AppealWhole, organisationId: OrganisationId): AppealWhole {
  const own = new Set(whole.parts.filter((part) => part.organisationId === organisationId).map(({ partId }) => partId));
  const answers = whole.answers.filter(({ state, partId }) => state === 'sent' || own.has(partId));
  return { ...whole, answers, files: filesOf({ ...whole, answers }) };
}

/** Files of the appeal itself, and of the answers and events that are left. */
function filesOf({ files, answers, events }: AppealWhole): AppealFile[] {
  const kept = new Set<string>([...answers.map(({ answerId }) => answerId), ...events.map(({ eventId }) => eventId)]);
  return files.filter(
    ({ answerId, eventId }) => (answerId === null || kept.has(answerId)) && (eventId === null || kept.has(eventId)),
  );
}
