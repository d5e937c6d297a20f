/**
 * Why an inspector opens an appeal that is not addressed to the inspectorate. It is somebody's private matter: the journal keeps who
 * looked, when, and for what.
 */
export const PURPOSES = {
  complaint: 'Проверка по жалобе',
  inspection: 'Контрольное мероприятие',
  author: 'Автор сам обратился в инспекцию',
  request: 'Ответ организации на запрос инспекции',
  court: 'Запрос прокуратуры или суда',
} as const;

/** An appeal to the inspectorate itself needs no purpose: to answer it is one. */
export const OWN = 'own';
export type Purpose = keyof typeof PURPOSES | typeof OWN;

export const isPurpose = (text: string | undefined): text is keyof typeof PURPOSES =>
  text !== undefined && Object.hasOwn(PURPOSES, text);
