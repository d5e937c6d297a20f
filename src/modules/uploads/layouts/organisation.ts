import { digits, text } from '../readers.ts';
import { column, type RowOf, section } from '../sections.ts';

/** The organisation's own card: what residents see, and where they pay. */
export const CARD = section(
  'card',
  ['Организация', 'Сведения об организации', 'Реквизиты организации', 'Основные сведения'],
  {
    ogrn: column(digits(13, 15), ['ОГРН/ОГРНИП', 'ОГРН', 'ОГРНИП'], { required: true, kind: 'identifier' }),
    inn: column(digits(10, 12), ['ИНН'], { kind: 'identifier' }),
    kpp: column(text(9), ['КПП', 'КПП ОП'], { kind: 'identifier' }),
    fullName: column(text(1000), ['Полное наименование', 'Наименование организации'], { width: 40 }),
    shortName: column(text(255), ['Сокращённое наименование', 'Краткое наименование'], { width: 30 }),
    legalAddress: column(text(1000), ['Юридический адрес', 'Адрес юридического лица', 'Адрес регистрации'], {
      width: 40,
    }),
    actualAddress: column(text(1000), ['Фактический адрес', 'Адрес фактического местонахождения'], { width: 40 }),
    postalAddress: column(text(1000), ['Почтовый адрес', 'Адрес для корреспонденции'], { width: 40 }),
    phone: column(text(100), ['Телефон', 'Контактный телефон'], { kind: 'identifier' }),
    fax: column(text(100), ['Факс'], { kind: 'identifier' }),
    email: column(text(255), ['Адрес электронной почты', 'Электронная почта', 'E-mail']),
    site: column(text(255), ['Официальный сайт', 'Сайт', 'Адрес сайта в сети Интернет']),
    dispatcherPhone: column(
      text(100),
      ['Телефон диспетчерской службы', 'Телефон диспетчерской', 'Аварийно-диспетчерская служба'],
      {
        kind: 'identifier',
      },
    ),
    dispatcherHours: column(text(500), ['Режим работы диспетчерской службы', 'Режим работы диспетчерской']),
    receptionHours: column(text(500), ['Часы приёма граждан', 'Часы личного приема', 'Режим работы'], { width: 30 }),
  },
  { required: true },
);
export type CardRow = RowOf<typeof CARD>;

export const BANK = section('bank', ['Банковские реквизиты', 'Платежные реквизиты', 'Расчетные счета'], {
  bik: column(digits(9), ['БИК банка', 'БИК'], { required: true, kind: 'identifier' }),
  bankAccount: column(digits(20), ['Расчётный счёт', 'Номер расчетного счета', 'Р/с'], {
    required: true,
    kind: 'identifier',
    width: 26,
  }),
  bankName: column(text(255), ['Наименование банка', 'Банк'], { width: 36 }),
  correspondentAccount: column(digits(20), ['Корреспондентский счёт', 'Корр. счет', 'К/с'], {
    kind: 'identifier',
    width: 26,
  }),
});
export type BankRow = RowOf<typeof BANK>;
