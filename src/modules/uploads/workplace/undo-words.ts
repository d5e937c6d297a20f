import { counted, formatNumber, formatRubles } from '../../../ui/index.ts';
import type { FigureName, Figures } from '../undo/undo.ts';
import type { UploadKind } from '../upload.ts';

type Forms = readonly [string, string, string];

/** What is taken back, «отменить что»: the head of the sentence by kind. */
const WHAT: Readonly<Record<UploadKind, { name: FigureName; forms: Forms }>> = {
  bills: { name: 'documents', forms: ['квитанцию', 'квитанции', 'квитанций'] },
  readings: { name: 'readings', forms: ['показание', 'показания', 'показаний'] },
  accounts: { name: 'accounts', forms: ['лицевой счёт', 'лицевых счёта', 'лицевых счетов'] },
  meters: { name: 'meters', forms: ['прибор', 'прибора', 'приборов'] },
  houses: { name: 'houses', forms: ['дом', 'дома', 'домов'] },
  organisation: { name: 'fields', forms: ['сведение карточки', 'сведения карточки', 'сведений карточки'] },
};

const OBJECT: Readonly<Partial<Record<UploadKind, string>>> = {
  accounts: 'вернуть к прежнему виду ',
  meters: 'вернуть к прежнему виду ',
  houses: 'вернуть к прежнему виду ',
  organisation: 'вернуть к прежнему виду ',
};

/** «отменить 1 240 квитанций на 3 456 789,00 ₽». */
export function undoWords(kind: UploadKind, figures: Figures): string {
  const { name, forms } = WHAT[kind];
  const count = Number(figures[name] ?? 0n);
  const sum = kind === 'bills' ? ` на ${formatRubles(figures.asked ?? 0n)}` : '';
  return `${OBJECT[kind] ?? 'отменить '}${counted(count, forms)}${sum}`;
}

const TERMS: Readonly<Record<Exclude<FigureName, 'asked'>, string>> = {
  documents: 'Квитанций будет отменено',
  restored: 'Прежних квитанций снова будут действовать',
  accounts: 'Лицевых счетов это коснётся',
  people: 'Жителей видели эти квитанции и получат письмо',
  closed: 'Счетов будет закрыто: их завёл этот файл',
  removed: 'Помещений, подъездов, лифтов и комнат будет убрано: их завёл этот файл',
  readings: 'Показаний будет отклонено',
  back: 'Прежних показаний снова будут действовать',
  meters: 'Приборов это коснётся',
  archived: 'Приборов будет снято с учёта: их завёл этот файл',
  houses: 'Домов это коснётся',
  fields: 'Сведений карточки вернутся к прежним',
};

/** Only what there is, in the order of importance. */
export const figureRows = (figures: Figures) =>
  (Object.keys(TERMS) as (keyof typeof TERMS)[])
    .filter((name) => (figures[name] ?? 0n) > 0n)
    .map((name) => ({ term: TERMS[name], value: formatNumber(Number(figures[name])) }));

export const isNothing = (figures: Figures): boolean =>
  (Object.entries(figures) as [FigureName, bigint][]).every(([name, amount]) => name === 'people' || amount === 0n);

/** What taking an upload back means, by kind. */
export const MEANING: Readonly<Record<UploadKind, string>> = {
  bills:
    'Квитанции этой загрузки будут отозваны с вашей причиной. Там, где они исправили прежние, снова будут действовать прежние, с тем, что по ним было оплачено. Жители, которые видели отменённые квитанции, получат письмо.',
  readings:
    'Показания этой загрузки будут отклонены с вашей причиной. Снова будут действовать те, что они исправили; где их не было, вернётся расчёт по среднему или по нормативу. Другие поставщики увидят это в своих списках.',
  accounts:
    'Счета, которые завёл файл, будут закрыты как ошибка ввода, если ими никто ещё не пользовался. Изменённые сведения вернутся к прежним.',
  meters:
    'Приборы, которые завёл файл, будут сняты с учёта как ошибка, если по ним ещё не передавали показаний. Карточки остальных вернутся к прежним.',
  houses:
    'Сведения о домах и помещениях вернутся к прежним. Помещения, подъезды и лифты, которые завёл файл, будут убраны, если ими никто ещё не пользуется. Сам дом останется в реестре: у адреса нет хозяина.',
  organisation: 'Сведения карточки вернутся к прежним.',
};

/** What to do where it cannot be taken back. */
export const WAY: Readonly<Record<UploadKind, string>> = {
  bills:
    'Загрузите исправленные квитанции с теми же номерами за тот же месяц: каждая заменит ошибочную, а оплаченное останется на счёте. Более поздние загрузки отмените раньше этой.',
  readings:
    'Загрузите верные показания за тот же месяц: они исправят ошибочные. Более поздние загрузки отмените раньше этой.',
  accounts: 'Загрузите файл с верными сведениями: он исправит ошибочные. Лишний счёт закройте с причиной.',
  meters: 'Загрузите файл с верными сведениями или исправьте приборы на их страницах. Лишний прибор снимите с учёта.',
  houses: 'Загрузите файл с верными сведениями или исправьте карточку дома.',
  organisation: 'Исправьте карточку на её странице.',
};
