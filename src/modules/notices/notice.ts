import type { Id, PersonId } from '../../platform/ids.ts';
import type { LetterContent } from '../../platform/mail/content.ts';
import type { NoticeKindName } from './kinds.ts';

export type NoticeId = Id<'notice'>;
export type DeviceId = Id<'push device'>;
export type PushId = Id<'push message'>;

export interface Message {
  /** One line, without names and without a whole number of an account: it is seen on locked phones. */
  subject: string;
  content: LetterContent;
  /** In place of the kind's own words on a device; no personal data. */
  brief?: { title: string; body: string };
  /** An address in place of the person's own, such as the one that an appeal names for its answer. */
  recipient?: string;
}

export interface Notice extends Message {
  kind: NoticeKindName;
  personId: PersonId;
  /** What it is about, such as an id or a month of a house: a notice of one kind about one object goes to a person once, for ever. */
  object: string;
}

export interface Sent {
  /** False when this notice was sent before, or is wanted by no way. */
  isNew: boolean;
  /** The letter, for `letterStates`; null where none went out. */
  mailId: string | null;
}
