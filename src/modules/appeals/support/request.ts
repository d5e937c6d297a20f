import type { OrganisationId, PersonId, SupportRequestId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import type { StatusTone } from '../../../ui/index.ts';

/** A question to those who run the installation. Not an appeal: no law sets its term, the operator does. */
export type RequestState = 'new' | 'in_work' | 'answered' | 'closed';

export interface SupportRequest {
  requestId: SupportRequestId;
  number: string;
  /** Of those who have not signed in: a person of kind «guest». */
  personId: PersonId;
  byGuest: boolean;
  organisationId: OrganisationId | null;
  name: string;
  email: string;
  kindCode: string;
  subject: string;
  text: string;
  /** The path of the page that it happened on; may be empty. */
  page: string;
  state: RequestState;
  performerId: PersonId | null;
  performerName: string | null;
  /** Last day of the answer, inclusive; null while nothing is to be answered. */
  dueOn: Day | null;
  /** The first answer. */
  answeredAt: Date | null;
  createdAt: Date;
  changedAt: Date;
}

export interface SupportMessage {
  messageId: string;
  fromSupport: boolean;
  /** Seen by the desk alone. */
  internal: boolean;
  personName: string;
  text: string;
  at: Date;
}

export const isWaiting = (state: RequestState): boolean => state === 'new' || state === 'in_work';

export const REQUEST_STATES: Readonly<Record<RequestState, { label: string; tone: StatusTone }>> = {
  new: { label: 'Отправлен', tone: 'info' },
  in_work: { label: 'В работе', tone: 'waiting' },
  answered: { label: 'Есть ответ', tone: 'good' },
  closed: { label: 'Закрыт', tone: 'neutral' },
};

/** НСИ 230: what a question may be about. */
export const KINDS_LIST = 230;

/** What a link to the form says of the matter: `/support?about=organisation&name=…`. The codes are of НСИ 230. */
export const MATTERS = {
  organisation: {
    kindCode: '2',
    subject: 'Не нашлась организация',
    hint: 'Название или ИНН, адрес дома, чем она занимается.',
  },
  house: {
    kindCode: '2',
    subject: 'Не нашёлся дом',
    hint: 'Полный адрес дома: регион, населённый пункт, улица, номер.',
  },
  error: { kindCode: '11', subject: '', hint: 'Что вы делали, чего ждали и что увидели вместо этого.' },
  payment: { kindCode: '12', subject: '', hint: 'Номер платежа и дата. Номер карты не пишите.' },
} as const;
export type Matter = keyof typeof MATTERS;

export const isMatter = (text: string): text is Matter => Object.hasOwn(MATTERS, text);

/** Questions of one person, or of one e-mail, in a day. A program that sends letters to strangers through us is stopped by it. */
export const MOST_PER_DAY = 10;

/** The operator's own calendar: one desk for everybody. */
export const ZONE = 'Europe/Moscow';
