import type { FieldError } from '../../platform/errors.ts';
import { Conflict } from '../../platform/errors.ts';
import type { AppealId, DraftId, FileId, HouseId, OrganisationId } from '../../platform/ids.ts';
import { TEXT_LIMIT } from './appeal.ts';
import { OTHER_TOPIC } from './topics.ts';

/** Words and pure rules of drafts: what an author has typed and chosen so far. */

/** What the author types on the form itself. Everything else is chosen in a window. */
export interface TypedFields {
  flat: string;
  ownTopic: string;
  email: string;
  phone: string;
  /** Where the answer goes. */
  answerEmail: string;
  text: string;
}

export interface DraftContent extends TypedFields {
  /** The house by its ФИАС GUID; null for a territory, and for a house that the register does not have. */
  fiasGuid: string | null;
  address: string;
  isTerritory: boolean;
  regionCode: string;
  oktmo: string;
  municipality: string;
  topicCode: string;
  addresseeId: OrganisationId | null;
  /** The role by НСИ 20 in which it is addressed. */
  addresseePower: string;
  /** By the author; else it follows the address and the topic. */
  addresseeChosen: boolean;
  /** The author's own appeal that this one continues. */
  parentHouseId: HouseId | null;
  parentId: AppealId | null;
  relation: 'escalation' | 'continuation' | null;
}

export interface Draft extends DraftContent {
  draftId: DraftId;
  /** Raised by each change; 0 before the first saving. */
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export interface DraftFile {
  fileId: FileId;
  name: string;
  description: string;
  mediaType: string;
  sizeBytes: number;
}

export const EMPTY_DRAFT: DraftContent = {
  fiasGuid: null,
  address: '',
  isTerritory: false,
  flat: '',
  regionCode: '',
  oktmo: '',
  municipality: '',
  topicCode: '',
  ownTopic: '',
  addresseeId: null,
  addresseePower: '',
  addresseeChosen: false,
  email: '',
  phone: '',
  answerEmail: '',
  text: '',
  parentHouseId: null,
  parentId: null,
  relation: null,
};

export const TYPED_FIELDS = ['flat', 'ownTopic', 'email', 'phone', 'answerEmail', 'text'] as const;

/** Longest values, in UTF-16 code units. */
export const LIMITS: Readonly<Record<(typeof TYPED_FIELDS)[number] | 'address', number>> = {
  flat: 100,
  ownTopic: 250,
  email: 100,
  phone: 32,
  answerEmail: 100,
  text: TEXT_LIMIT,
  address: 500,
};

export const sameTyped = (a: TypedFields, b: TypedFields): boolean =>
  TYPED_FIELDS.every((field) => a[field] === b[field]);

/** Somebody, most likely the author in another window, has changed the draft since this page was opened. */
export class StaleDraft extends Conflict {
  readonly saved: Draft;
  constructor(saved: Draft) {
    super('Черновик изменили в другом окне. Ваш текст не сохранён, чтобы не стереть тот.', 'stale_draft');
    this.saved = saved;
  }
}

const EMAIL = /^[^\s@<>()",;:]+@[^\s@<>()",;:]+\.[^\s@<>()",;:.]{2,}$/;
export const isEmail = (text: string): boolean => EMAIL.test(text) && text.length <= 100;

/** What keeps a draft from being sent, in the order of the form. */
export function missingOf(draft: DraftContent): FieldError[] {
  const errors: FieldError[] = [];
  const need = (isThere: boolean, field: string, message: string) => {
    if (!isThere) errors.push({ field, message });
  };
  need(draft.email === '' || isEmail(draft.email), 'email', 'Проверьте e-mail: он похож на имя@почта.рф');
  need(
    draft.phone === '' || /^\+?[0-9 ()-]{10,32}$/.test(draft.phone),
    'phone',
    'Проверьте номер телефона: +7 и десять цифр',
  );
  need(
    isEmail(draft.answerEmail),
    'answerEmail',
    draft.answerEmail
      ? 'Проверьте e-mail для ответа: он похож на имя@почта.рф'
      : 'Укажите e-mail, на который прислать ответ',
  );
  need(draft.address !== '', 'address', 'Укажите адрес дома или территории');
  need(draft.municipality !== '' && draft.oktmo !== '', 'municipality', 'Выберите муниципальное образование');
  need(draft.topicCode !== '', 'topic', 'Выберите тему обращения');
  need(
    draft.topicCode !== OTHER_TOPIC || draft.ownTopic !== '',
    'ownTopic',
    'Назовите тему своими словами: вы выбрали «Другая тема»',
  );
  need(draft.addresseeId !== null, 'addressee', 'Выберите, кому адресовано обращение');
  need(draft.text !== '', 'text', 'Напишите текст обращения');
  for (const field of TYPED_FIELDS)
    need(
      draft[field].length <= LIMITS[field],
      field,
      `Не больше ${LIMITS[field]} знаков, сейчас ${draft[field].length}`,
    );
  return errors;
}
