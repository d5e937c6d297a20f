import type {
  AnswerId,
  AppealEventId,
  AppealId,
  AppealPartId,
  FileId,
  HouseId,
  OrganisationId,
  PersonId,
} from '../../platform/ids.ts';
import type { Day } from '../../platform/month.ts';

/** Words and states of appeals (обращения). */

/** `outside`: the last who had it has passed it on to a receiver who is not in the system; nobody here answers any more. */
export type AppealState = 'sent' | 'in_work' | 'executed' | 'withdrawn' | 'outside';

/** Somebody in the system still has to answer: the author may withdraw it, neighbours may join. */
export const isRunning = (state: AppealState): boolean => state === 'sent' || state === 'in_work';
export type PartState = 'received' | 'in_work' | 'executed' | 'redirected' | 'withdrawn';

/** How far an addressee's handling may go from each state. `executed` opens again when the author is not satisfied. */
export const PART_MOVES: Readonly<Record<PartState, readonly PartState[]>> = {
  received: ['in_work', 'executed', 'redirected', 'withdrawn'],
  in_work: ['executed', 'redirected', 'withdrawn'],
  executed: ['in_work'],
  redirected: [],
  withdrawn: [],
};

export const canMove = (from: PartState, to: PartState): boolean => PART_MOVES[from].includes(to);
export const isOpen = (state: PartState): boolean => state === 'received' || state === 'in_work';

/**
 * An appeal's state follows from those of its parts: executed when nobody has to answer any more. A part that is redirected opens another
 * one, unless its only receiver is outside the system: when all are redirected, the appeal has left it.
 */
export function stateOf(parts: readonly { kind: 'appeal' | 'request'; state: PartState }[]): AppealState {
  const states = parts.filter(({ kind }) => kind === 'appeal').map(({ state }) => state);
  if (states.includes('withdrawn')) return 'withdrawn';
  if (states.some((state) => isOpen(state)))
    return states.every((state) => state === 'received' || state === 'redirected') ? 'sent' : 'in_work';
  return states.includes('executed') ? 'executed' : 'outside';
}

/** As the author reads it; a draft is «Не отправлено». */
export const AUTHOR_STATES: Readonly<Record<AppealState | 'draft', string>> = {
  draft: 'Не отправлено',
  sent: 'Отправлено',
  in_work: 'В работе',
  executed: 'Исполнено',
  withdrawn: 'Отозвано',
  outside: 'Перенаправлено вне системы',
};

/** As the addressee reads it. */
export const PART_STATES: Readonly<Record<PartState, string>> = {
  received: 'Получено',
  in_work: 'В работе',
  executed: 'Исполнено',
  redirected: 'Перенаправлено',
  withdrawn: 'Отозвано',
};

export type Outcome = 'satisfied' | 'partial' | 'refused' | 'explained';
export const OUTCOMES: Readonly<Record<Outcome, string>> = {
  satisfied: 'Удовлетворено',
  partial: 'Удовлетворено частично',
  refused: 'Отказано',
  explained: 'Даны разъяснения',
};

export type Assessment = 'full' | 'partial' | 'none';
export const ASSESSMENTS: Readonly<Record<Assessment, string>> = {
  full: 'Необходимая информация получена',
  partial: 'Информация получена частично',
  none: 'Ответом не удовлетворён',
};

export const EVENT_KINDS = {
  sent: 'Обращение отправлено',
  joined: 'К обращению присоединился сосед',
  registered: 'Обращение зарегистрировано',
  assigned: 'Назначен исполнитель',
  answered: 'Дан ответ',
  redirected: 'Обращение перенаправлено',
  redirected_outside: 'Обращение перенаправлено вне системы',
  extended: 'Срок ответа продлён',
  answer_not_required: 'Ответ не требуется',
  executed: 'Обращение исполнено',
  withdrawn: 'Обращение отозвано автором',
  assessed: 'Автор оценил ответ',
  reopened: 'Автор не согласен с ответом: обращение снова в работе',
  escalated: 'Подана жалоба в вышестоящий орган',
  requested: 'Запрошены сведения',
  request_answered: 'Сведения представлены',
  overdue: 'Срок ответа истёк',
  fixed_asked: 'Автора спросили, исправлено ли на самом деле',
  fixed: 'Автор сообщил, исправлено ли',
} as const;
export type EventKind = keyof typeof EVENT_KINDS;

export interface AppealKey {
  houseId: HouseId;
  appealId: AppealId;
}

export interface Appeal extends AppealKey {
  number: string;
  state: AppealState;
  authorId: PersonId;
  familyName: string;
  givenName: string;
  middleName: string;
  phone: string;
  email: string;
  answerEmail: string;
  fiasGuid: string | null;
  address: string;
  flat: string;
  regionCode: string;
  oktmo: string;
  municipality: string;
  zone: string;
  topicCode: string;
  topicName: string;
  ownTopic: string;
  text: string;
  emergency: boolean;
  parentId: AppealId | null;
  relation: 'escalation' | 'continuation' | null;
  joined: number;
  extended: boolean;
  redirected: boolean;
  redirectedOutside: boolean;
  answerNotRequired: boolean;
  reopened: number;
  assessment: Assessment | null;
  withdrawnComment: string;
  fixedAskedAt: Date | null;
  fixed: boolean | null;
  createdAt: Date;
  sentAt: Date;
  executedAt: Date | null;
  changedAt: Date;
}

/** One addressee's handling of an appeal. */
export interface Part {
  partId: AppealPartId;
  kind: 'appeal' | 'request';
  organisationId: OrganisationId;
  powerCode: string;
  state: PartState;
  fromPartId: AppealPartId | null;
  requestText: string;
  receivedAt: Date;
  registeredOn: Day | null;
  registrationNumber: string | null;
  performerId: PersonId | null;
  performerName: string | null;
  plannedOn: Day | null;
  dueOn: Day | null;
  dueAt: Date | null;
  termKey: string;
  termSource: string;
  extendedFrom: Day | null;
  extensions: number;
  reminded: number;
  overdueAt: Date | null;
  closedAt: Date | null;
}

export interface AppealEvent {
  eventId: AppealEventId;
  partId: AppealPartId | null;
  kind: EventKind;
  at: Date;
  organisationId: OrganisationId | null;
  personId: PersonId | null;
  personName: string;
  internal: boolean;
  /** By kind: `comment`, `cause`, `to` (organisations), `until` (day), `assessment`, `number`, `outcome`, `appealId` of a child. */
  details: Readonly<Record<string, unknown>>;
}

export interface Answer {
  answerId: AnswerId;
  partId: AppealPartId;
  state: 'draft' | 'sent';
  number: string;
  answeredOn: Day | null;
  outcome: Outcome | null;
  performerName: string;
  performerPost: string;
  text: string;
  interim: boolean;
  writtenBy: PersonId;
  sentAt: Date | null;
  changedAt: Date;
}

export interface AppealFile {
  fileId: FileId;
  answerId: AnswerId | null;
  eventId: AppealEventId | null;
  name: string;
  description: string;
  mediaType: string;
  sizeBytes: number;
  signsFileId: FileId | null;
  position: number;
}

/** Neighbours who joined, as the addressee sees them. */
export interface Joiner {
  personId: PersonId;
  familyName: string;
  givenName: string;
  middleName: string;
  flat: string;
  answerEmail: string;
  joinedAt: Date;
}

/** All that is known of an appeal: what each page and the PDF are made of. */
export interface AppealWhole {
  appeal: Appeal;
  parts: Part[];
  /** In the order in which they happened. */
  events: AppealEvent[];
  answers: Answer[];
  files: AppealFile[];
  joiners: Joiner[];
}

/** Longest text of an appeal or an answer, in UTF-16 code units. */
export const TEXT_LIMIT = 10_000;
