import type { DisclosedRecord, Purposes } from '../../../platform/disclosure/index.ts';
import type { AppealKey } from '../appeal.ts';

/**
 * Why an inspector opens an appeal that is not addressed to the inspectorate. It is somebody's private matter: the journal keeps who
 * looked, when, and for what.
 */
export const INSPECTOR_PURPOSES = {
  complaint: 'Проверка по жалобе',
  inspection: 'Контрольное мероприятие',
  author: 'Автор сам обратился в инспекцию',
  request: 'Ответ организации на запрос инспекции',
  court: 'Запрос прокуратуры или суда',
} as const satisfies Purposes;

/** An appeal to the inspectorate itself is asked no purpose: to answer it is one. */
export const OWN = 'Обращение адресовано инспекции';

export const recordOfAppeal = ({ houseId, appealId }: AppealKey): DisclosedRecord => `appeal:${houseId}/${appealId}`;
