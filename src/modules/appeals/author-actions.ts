import { type AppealWhole, isOpen, isRunning, type Part } from './appeal.ts';

/** What the author may do with an appeal as it stands; the use cases check the same. */
export interface AuthorActions {
  withdraw: boolean;
  assess: boolean;
  reopen: boolean;
  tellFixed: boolean;
}

export function authorActions(whole: AppealWhole): AuthorActions {
  const { appeal } = whole;
  return {
    withdraw: isRunning(appeal.state) && whole.parts.some(({ kind, state }) => kind === 'appeal' && isOpen(state)),
    assess: appeal.state !== 'withdrawn' && lastAnswered(whole) !== null,
    reopen: appeal.state !== 'withdrawn' && isUnsatisfied(whole) && answeredParts(whole).length > 0,
    tellFixed: appeal.state === 'executed' && appeal.fixedAskedAt !== null,
  };
}

/** The author says that the answer or what came of it is not enough. */
export const isUnsatisfied = ({ appeal }: AppealWhole): boolean =>
  appeal.assessment === 'partial' || appeal.assessment === 'none' || appeal.fixed === false;

/** Parts that are executed with an answer to the author, the one answered last at the end. */
export function answeredParts({ parts, answers }: AppealWhole): Part[] {
  return answers
    .filter(({ state }) => state === 'sent')
    .sort((a, b) => a.sentAt!.getTime() - b.sentAt!.getTime())
    .flatMap(({ partId }) => parts.filter((part) => part.partId === partId))
    .filter(({ kind, state }) => kind === 'appeal' && state === 'executed');
}

/** Whose answer, interim ones too, the author read last. */
export function lastAnswered({ parts, answers }: AppealWhole): Part | null {
  const ofAuthor = new Map(parts.filter(({ kind }) => kind === 'appeal').map((part) => [part.partId, part]));
  const sent = answers.filter(({ state, partId }) => state === 'sent' && ofAuthor.has(partId));
  const last = sent.sort((a, b) => a.sentAt!.getTime() - b.sentAt!.getTime()).at(-1);
  return last ? ofAuthor.get(last.partId)! : null;
}
