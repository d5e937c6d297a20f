/** Why a claim is refused, and what the person does next: read together. «other» is the organisation's own words alone. */
export const REFUSALS = {
  not_payer: {
    name: 'Заявитель не плательщик и не собственник',
    words: 'По нашим данным вы не плательщик и не собственник этого помещения.',
    next: 'Пришлите с новой заявкой номер и дату документа о праве или попросите плательщика открыть вам доступ в его кабинете.',
  },
  wrong_account: {
    name: 'Счёт не того адреса',
    words: 'Этот лицевой счёт относится к другому адресу.',
    next: 'Сверьте номер с квитанцией и подключите счёт с верным номером.',
  },
  need_document: {
    name: 'Нужен документ',
    words: 'Чтобы подключить счёт, нужен документ.',
    next: 'Принесите паспорт и документ о праве или доверенность в часы приёма либо попросите одноразовый код.',
  },
  closed: {
    name: 'Счёт закрывается',
    words: 'Этот счёт закрывается: начисления переходят на другой.',
    next: 'Подключите счёт с номером из последней квитанции.',
  },
  other: { name: 'Другое', words: '', next: '' },
} as const;

export type Refusal = keyof typeof REFUSALS;
const isRefusal = (text: string | undefined): text is Refusal => text !== undefined && Object.hasOwn(REFUSALS, text);

/** What the person reads; null when neither a reason is chosen nor words are written. */
export function refusalInWords(refusal: string | undefined, own: string | null): string | null {
  const { words, next } = REFUSALS[isRefusal(refusal) ? refusal : 'other'];
  return [words, own, next].filter(Boolean).join(' ') || null;
}
