import { day, decimal, firstNames, oneOf, type Reader, text, Wrong, whole, yesNo } from '../readers.ts';
import { column, type RowOf, section } from '../sections.ts';
import { PREMISES_KINDS, premisesKind } from './houses.ts';
import {
  accountNumber,
  brandOf,
  houseAddress,
  METER_KINDS,
  meterKind,
  meterNumber,
  reading,
  resourceOf,
  serialNumber,
  TARIFF_WORDS,
  UNIT_WORDS,
} from './meter-words.ts';

/** «ПУ»: devices, and sheets for what one row has no room for. */
const YES_NO = { options: ['Да', 'Нет'] };
const BASE = (tariff: 1 | 2 | 3) => [
  `Базовое показание Т${tariff}`,
  `Базовое показание (Т${tariff})`,
  `Последнее полученное показание (Т${tariff})`,
  `Показание ${tariff}`,
  `Т${tariff}`,
];

/** «6», «6 лет»: НСИ 16. */
const years: Reader<number> = (raw) => {
  const count = /^\s*(\d{1,2})(?:[.,]0+)?\s*(?:год|года|лет|г\.?|л\.?)?\s*$/i.exec(raw)?.[1];
  return count ? Number(count) : new Wrong('укажите межповерочный интервал в годах, например 6');
};

/** By these a row of another sheet names its device; a file of the Moscow segment has a number of its own for that. */
const record = () =>
  column(text(50), ['Ссылочный номер ПУ', 'Номер записи'], {
    kind: 'identifier',
    hint: 'Нужен, только если сведения о приборе есть и на дополнительных листах, и тогда одинаковый на всех.',
  });
const unit = () =>
  column(oneOf(UNIT_WORDS), ['Единица измерения', 'Ед. изм.'], {
    options: firstNames(UNIT_WORDS),
    hint: 'Если пусто: м³ для воды и газа, кВт·ч для электроэнергии, Гкал для тепла.',
  });
const kind = (required = false) =>
  column(meterKind, ['Вид ПУ', 'Тип ПУ', 'Вид прибора учета', 'Тип прибора учета'], {
    required,
    options: firstNames(METER_KINDS),
    width: 22,
  });

export const METERS = section(
  'meters',
  ['Сведения о ПУ', 'Приборы учета', 'ПУ', 'Счетчики'],
  {
    record: record(),
    serial: serialNumber(true),
    kind: kind(),
    brand: brandOf(),
    model: column(text(100), ['Модель ПУ', 'Модель', 'Модель прибора учета']),
    address: houseAddress(),
    guid: column(
      text(100),
      [
        'Уникальный номер дома',
        'GUID дома по ФИАС',
        'Код дома по ФИАС',
        'UNOM',
        'Адрес дома, помещения, комнаты > UNOM',
      ],
      {
        kind: 'identifier',
        hint: 'GUID по ФИАС или код дома в ГИС ЖКХ. Если пусто, дом находится по адресу или счёту.',
      },
    ),
    category: column(premisesKind, ['Тип помещения', 'Вид помещения'], { options: firstNames(PREMISES_KINDS) }),
    number: column(text(100), ['Номер помещения', 'Помещение', 'Номер квартиры', 'Номер помещения/блока'], {
      kind: 'identifier',
      hint: 'Нужен, если у лицевого счёта несколько помещений.',
    }),
    stateId: column(text(60), ['Уникальный номер помещения'], { kind: 'identifier' }),
    roomNumber: column(text(50), ['Номер комнаты'], { kind: 'identifier' }),
    roomStateId: column(text(60), ['Уникальный номер комнаты'], { kind: 'identifier' }),
    account: accountNumber(),
    remote: column(
      yesNo,
      ['Дистанционное снятие показаний', 'Наличие возможности дистанционного снятия показаний', 'Автоматический'],
      YES_NO,
    ),
    remoteNote: column(text(2000), [
      'Наименование системы дистанционного снятия',
      'Информация о наличии возможности дистанционного снятия показаний ПУ указанием наименования',
      'Информация о наличии возможности дистанционного снятия показаний ПУ с указанием наименования установленной системы',
    ]),
    several: column(
      yesNo,
      ['Объем определяется несколькими ПУ', 'Объем ресурса(ов) определяется с помощью нескольких приборов учета'],
      YES_NO,
    ),
    place: column(text(100), ['Место установки', 'Место установки текущего ПУ', 'Место установки счетчика'], {
      hint: 'Например «санузел». Если объём определяют несколько приборов: «на входе» или «на выходе».',
    }),
    linked: column(
      text(60),
      [
        'Номер связанного ПУ',
        'Номер связанного ПУ в ГИС ЖКХ',
        'Номер ПУ в Регсегменте, с которым требуется установить связь текущего ПУ',
      ],
      { kind: 'identifier', hint: 'Номер, который прибору выдал Домовой.' },
    ),
    resource: resourceOf(),
    unit: unit(),
    tariffs: column(oneOf(TARIFF_WORDS), ['Вид ПУ по количеству тарифов', 'Количество тарифов', 'Тарифность'], {
      options: firstNames(TARIFF_WORDS),
    }),
    base1: column(reading, BASE(1), { kind: 'number' }),
    base2: column(reading, BASE(2), { kind: 'number' }),
    base3: column(reading, BASE(3), { kind: 'number' }),
    baseOn: column(
      day,
      ['Дата базового показания', 'Дата последнего полученного показания', 'Дата передачи показаний', 'Дата показаний'],
      {
        kind: 'date',
        hint: 'День, когда прибор показывал базовое значение. Если пусто: день ввода, а для давно работающего прибора день загрузки.',
      },
    ),
    ratio: column(decimal(4), ['Коэффициент трансформации', 'Коэффициент'], { kind: 'number' }),
    digits: column(whole(1, 15), ['Цифр на приборе до запятой', 'Разрядность', 'Значность'], {
      kind: 'number',
      hint: 'По ней мы поймём, что прибор прошёл через ноль.',
    }),
    givesVolume: column(
      yesNo,
      [
        'Прибор сам считает объём за месяц',
        'Наличие технической возможности автоматического расчета потребляемого объема ресурса',
        'Тех. возможность авто-расчета потребляемого объема',
      ],
      YES_NO,
    ),
    installedOn: column(day, ['Дата установки', 'Дата установки ПУ'], { kind: 'date' }),
    usedFrom: column(day, ['Дата ввода в эксплуатацию', 'Дата ввода ПУ в эксплуатацию'], { kind: 'date' }),
    verifiedOn: column(day, ['Дата последней поверки', 'Дата поверки'], { kind: 'date' }),
    verifyNext: column(day, ['Дата следующей поверки', 'Дата очередной поверки'], { kind: 'date' }),
    factorySealedOn: column(
      day,
      [
        'Дата опломбирования заводом',
        'Дата опломбирования ПУ заводом-изготовителем',
        'Дата опломбирования заводом-изготовителем',
      ],
      { kind: 'date' },
    ),
    sealedOn: column(day, ['Дата опломбирования', 'Дата опломбирования организацией'], { kind: 'date' }),
    interval: column(years, ['Межповерочный интервал', 'МПИ'], { kind: 'number', hint: 'В годах: от 1 до 20 или 30.' }),
    temperature: column(yesNo, ['Наличие датчиков температуры'], YES_NO),
    temperatureNote: column(text(2000), [
      'Инфо о датчиках температуры',
      'Информация о наличии датчиков температуры',
      'Информация о наличии датчиков температуры с указанием их местоположения на узле учета',
    ]),
    pressure: column(yesNo, ['Наличие датчиков давления'], YES_NO),
    pressureNote: column(text(2000), [
      'Инфо о датчиках давления',
      'Информация о наличии датчиков давления',
      'Информация о наличии датчиков давления с указанием их местоположения на узле учета',
    ]),
    meterNumber: meterNumber(),
  },
  { required: true, passedOver: ['Показание 4', 'Дата контрольных показаний'] },
);
export type MeterRow = RowOf<typeof METERS>;

const named = {
  record: record(),
  address: houseAddress(),
  serial: serialNumber(),
  kind: kind(),
  brand: brandOf(),
} as const;

export const MORE_RESOURCES = section(
  'resources',
  ['Доп. комм. ресурсы', 'Дополнительные коммунальные ресурсы', 'Доп. коммунальные ресурсы'],
  {
    ...named,
    resource: resourceOf(true),
    unit: unit(),
    base: column(reading, ['Базовое показание', 'Последнее полученное показание'], { kind: 'number' }),
  },
);
export type MoreResourceRow = RowOf<typeof MORE_RESOURCES>;

export const MORE_ACCOUNTS = section('accounts', ['Доп. лицевые счета ПУ', 'Дополнительные лицевые счета ПУ'], {
  ...named,
  account: accountNumber(true),
});
export type MoreAccountRow = RowOf<typeof MORE_ACCOUNTS>;

/** Read for the sake of the state's template: whose room it is, the accounts tell. */
export const MORE_ROOMS = section('rooms', ['Доп. комнаты ПУ', 'Дополнительные комнаты ПУ'], {
  ...named,
  roomStateId: column(text(60), ['Уникальный номер комнаты', 'Номер комнаты'], { kind: 'identifier' }),
});
