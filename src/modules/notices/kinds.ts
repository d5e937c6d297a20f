export type Channel = 'email' | 'push';
export const CHANNELS = ['email', 'push'] as const satisfies readonly Channel[];

export interface NoticeKind {
  /** As the settings and the operator's page name it. */
  name: string;
  /** What it is for, said to whoever decides whether to have it. */
  purpose: string;
  /** Letters that a person may end. The others say what somebody else did with the person's money, account or data. */
  optional: boolean;
  /** Whether a letter goes out where the person chose nothing. */
  email: boolean;
  /** «Важное»: shown on a device that was turned on, where the person chose nothing. */
  push: boolean;
  /** What a locked phone shows: nothing of the person's own. The page behind it says the rest. */
  brief: { title: string; body: string };
}

/** Every kind of notice, in the order of the settings. */
export const NOTICE_KINDS = {
  new_bill: {
    name: 'Новая квитанция',
    purpose: 'Одно письмо, когда организация выставила или исправила счёт: сумма и срок оплаты.',
    optional: true,
    email: true,
    push: true,
    brief: { title: 'Новая квитанция', body: 'Посмотрите сумму и срок оплаты' },
  },
  payment_result: {
    name: 'Результат оплаты',
    purpose: 'Прошёл платёж, отклонён банком или возвращён, и подтверждение платежа.',
    optional: false,
    email: true,
    push: true,
    brief: { title: 'Результат оплаты', body: 'Откройте, чтобы посмотреть' },
  },
  bill_withdrawn: {
    name: 'Квитанция отменена',
    purpose: 'Организация отозвала счёт, который вы могли видеть.',
    optional: false,
    email: true,
    push: true,
    brief: { title: 'Квитанция отменена', body: 'Посмотрите, что изменилось' },
  },
  readings_before: {
    name: 'Накануне приёма показаний',
    purpose: 'Одно письмо в месяц на каждый дом.',
    optional: true,
    email: false,
    push: false,
    brief: { title: 'Скоро приём показаний', body: 'Откройте, чтобы узнать дни приёма' },
  },
  readings_last_day: {
    name: 'В последний день приёма, если показания не переданы',
    purpose: 'Только если за месяц вы ещё ничего не передали.',
    optional: true,
    email: true,
    push: true,
    brief: { title: 'Последний день для показаний', body: 'Передайте их сегодня' },
  },
  readings_asked: {
    name: 'Когда организация просит передать показания',
    purpose: 'Не чаще раза в месяц от каждой организации и только если показаний ещё нет.',
    optional: true,
    email: true,
    push: false,
    brief: { title: 'Просят передать показания', body: 'Откройте, чтобы передать' },
  },
  verification: {
    name: 'Перед окончанием поверки прибора',
    purpose: 'Несколько раз заранее, чтобы успеть заказать поверку или замену.',
    optional: true,
    email: true,
    push: false,
    brief: { title: 'Скоро кончается поверка прибора', body: 'Посмотрите, какого и когда' },
  },
  reading_declined: {
    name: 'Показание отклонено',
    purpose: 'Его нужно передать заново, иначе месяц начислят без него.',
    optional: false,
    email: true,
    push: true,
    brief: { title: 'Показание отклонено', body: 'Посмотрите причину и передайте его снова' },
  },
  appeal: {
    name: 'Ваши обращения',
    purpose:
      'Обращение принято, на него ответили, его перенаправили или продлили срок. Письмо идёт на адрес из обращения.',
    optional: false,
    email: true,
    push: true,
    brief: { title: 'Новости вашего обращения', body: 'Откройте, чтобы прочитать' },
  },
  account_connected: {
    name: 'Лицевой счёт подключён',
    purpose: 'К вашему кабинету подключили счёт, или вы отправили заявку на это.',
    optional: false,
    email: true,
    push: false,
    brief: { title: 'Лицевые счета', body: 'Список ваших счетов изменился' },
  },
  claim_decided: {
    name: 'Решение по заявке',
    purpose: 'Организация подключила счёт по вашей заявке, отказала, и почему, или не ответила в срок.',
    optional: false,
    email: true,
    push: true,
    brief: { title: 'Решение по вашей заявке', body: 'Откройте, чтобы прочитать' },
  },
  access_changed: {
    name: 'Доступ к лицевому счёту',
    purpose: 'Вам открыли или закрыли доступ к счёту, или доступ получил кто-то ещё.',
    optional: false,
    email: true,
    push: true,
    brief: { title: 'Доступ к лицевому счёту', body: 'Посмотрите, что изменилось' },
  },
  new_device: {
    name: 'Вход с нового устройства',
    purpose: 'Чтобы вы узнали, если вошли не вы.',
    optional: false,
    email: true,
    push: true,
    brief: { title: 'Вход с нового устройства', body: 'Проверьте, что это вы' },
  },
  personal_data: {
    name: 'Ваши данные',
    purpose: 'Архив с данными готов, данные удалены, согласие изменено.',
    optional: false,
    email: true,
    push: false,
    brief: { title: 'Ваши данные', body: 'Ваш запрос выполнен' },
  },
  organisation: {
    name: 'Работа в организации',
    purpose: 'Приглашение, права и их окончание, дела, которые ждут вашего решения.',
    optional: false,
    email: true,
    push: false,
    brief: { title: 'Работа в организации', body: 'Откройте, чтобы посмотреть' },
  },
} as const satisfies Record<string, NoticeKind>;

export type NoticeKindName = keyof typeof NOTICE_KINDS;
export const NOTICE_KIND_NAMES = Object.keys(NOTICE_KINDS) as NoticeKindName[];
export const kindOf = (name: NoticeKindName): NoticeKind => NOTICE_KINDS[name];
export const isNoticeKind = (text: string): text is NoticeKindName => Object.hasOwn(NOTICE_KINDS, text);

/** Whether a person gets notices of a kind by a channel: what was chosen, else the default. A letter that cannot be ended goes out always. */
export function isWanted(kind: NoticeKindName, channel: Channel, chosen: boolean | undefined): boolean {
  const { optional, [channel]: byDefault } = kindOf(kind);
  return channel === 'email' && !optional ? true : (chosen ?? byDefault);
}
