import type { IconName } from '../../../ui/index.ts';
import type { Meter } from '../meter.ts';
import type { MeterChange } from '../tables.ts';

/** What a clerk may do with a device, by the last part of the page's address. */
export const ACTIONS = [
  'control',
  'verify',
  'replace',
  'seal',
  'break',
  'repair',
  'correct',
  'archive',
  'restore',
] as const;
export type Action = (typeof ACTIONS)[number];

export const ACTION_WORDS: Readonly<Record<Action, { label: string; icon: IconName; lead: string; button: string }>> = {
  control: {
    label: 'Контрольное показание',
    icon: 'gauge',
    lead: 'Показание, которое снял ваш сотрудник. Оно главнее переданного жителем в тот же месяц.',
    button: 'Записать показание',
  },
  verify: {
    label: 'Поверка',
    icon: 'shield-check',
    lead: 'Показания до и после поверки нужны, чтобы расход на стенде никому не начислили.',
    button: 'Записать поверку',
  },
  replace: {
    label: 'Заменить прибор',
    icon: 'refresh-cw',
    lead: 'Старый прибор уходит в архив с последним показанием, новый начинает со своего первого. Всё записывается сразу.',
    button: 'Заменить прибор',
  },
  seal: {
    label: 'Опломбировать',
    icon: 'key-round',
    lead: 'Когда ваш сотрудник поставил пломбу.',
    button: 'Записать пломбу',
  },
  break: {
    label: 'Неисправен',
    icon: 'triangle-alert',
    lead: 'С этого дня показания не учитываются: начисление идёт по среднему, потом по нормативу (Правила 354, п. 59–60).',
    button: 'Отметить неисправным',
  },
  repair: {
    label: 'Отремонтирован',
    icon: 'hammer',
    lead: 'С этого дня показания снова учитываются.',
    button: 'Записать ремонт',
  },
  correct: {
    label: 'Исправить карточку',
    icon: 'pencil',
    lead: 'Здесь исправляют ошибки. Если прибор другой, выберите «Заменить прибор».',
    button: 'Сохранить',
  },
  archive: {
    label: 'Снять с учёта',
    icon: 'trash-2',
    lead: 'Прибор больше не действует, и другого на его месте нет. История остаётся.',
    button: 'Снять с учёта',
  },
  restore: {
    label: 'Вернуть в работу',
    icon: 'history',
    lead: 'Прибор снова в реестре, показания снова принимаются.',
    button: 'Вернуть в работу',
  },
};

/** The rights of a state: what stands here is offered, and the use cases refuse the rest. */
const OFFERED: Readonly<Record<Meter['state'], readonly Action[]>> = {
  working: ['control', 'verify', 'replace', 'seal', 'break', 'correct', 'archive'],
  broken: ['repair', 'replace', 'seal', 'correct', 'archive'],
  archived: ['restore'],
};

/** What may be done with a device now; who does not keep it takes its values alone. */
export const actionsOf = ({ state }: Pick<Meter, 'state'>, isKept: boolean) =>
  OFFERED[state]
    .filter((action) => isKept || action === 'control')
    .map((action) => ({ action, ...ACTION_WORDS[action] }));

export const CHANGE_WORDS: Readonly<Record<MeterChange, string>> = {
  installed: 'Поставлен на учёт',
  corrected: 'Карточка исправлена',
  verified: 'Поверен',
  sealed: 'Опломбирован',
  broken: 'Вышел из строя',
  repaired: 'Отремонтирован',
  replaced: 'Снят: на его месте другой прибор',
  archived: 'Снят с учёта',
  restored: 'Возвращён в работу',
};
