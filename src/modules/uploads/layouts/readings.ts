import { RESOURCE_NAMES, type Resource } from '../../meters/index.ts';
import { day, firstNames, month, oneOf, type Reader, text } from '../readers.ts';
import { type Columns, column, type RowOf, section } from '../sections.ts';
import { brandOf, houseAddress, meterNumber, reading, resource, serialNumber } from './meter-words.ts';

/** «Показания ИПУ / ОДПУ», the Moscow segment, an export of condo, the lines of 1C: one value of one device a row. */

/** 1C writes the tariff behind the resource: «ЭЭ Т2». */
const TARIFF_BEHIND = /[\s,]+[ТT]\s?([123])$/u;
const resourceWithTariff: Reader<Resource> = (raw) => resource(raw.trim().replace(TARIFF_BEHIND, ''));

const TARIFFS: Readonly<Record<'1' | '2' | '3', readonly string[]>> = {
  1: ['Т1', '1', 'T1', 'День', 'Дневной', 'Пик'],
  2: ['Т2', '2', 'T2', 'Ночь', 'Ночной'],
  3: ['Т3', '3', 'T3', 'Полупик'],
};
const tariffName = oneOf(TARIFFS);
/** A name of a resource alone is of the only tariff. */
const tariff: Reader<'1' | '2' | '3'> = (raw) => {
  const behind = TARIFF_BEHIND.exec(raw.trim())?.[1];
  if (behind) return behind as '1' | '2' | '3';
  return typeof resource(raw) === 'string' && !/^\d$/.test(raw.trim()) ? '1' : tariffName(raw);
};

export const READING_KINDS = {
  current: ['Текущее', 'Текущее показание'],
  control: ['Контрольное', 'Контрольное показание'],
} as const;

const VALUE = (index: 1 | 2 | 3) => [
  `Значение показания Т${index}`,
  `Значение показания (Т${index})`,
  `Показание Т${index}`,
  `Показание ${index}`,
  `Показания Т${index}`,
  `Т${index}`,
];

const columns = {
  address: houseAddress(),
  guid: column(text(100), ['Уникальный номер дома', 'GUID дома по ФИАС', 'GUID', 'UNOM'], { kind: 'identifier' }),
  account: column(
    text(60),
    ['Лицевой счет', 'Номер лицевого счета', 'Номер ЛС', 'ЛС', 'Номер ЛС / ЕЛС / идентификатор ЖКУ'],
    {
      kind: 'identifier',
      width: 22,
    },
  ),
  serviceId: column(text(60), ['Идентификатор ЖКУ', 'ЖКУ', 'ЕЛС'], { kind: 'identifier', width: 20 }),
  number: meterNumber(),
  serial: serialNumber(),
  brand: brandOf(),
  resource: column(
    resourceWithTariff,
    ['Коммунальный ресурс', 'Вид коммунального ресурса', 'Ресурс', 'Тип счетчика', 'Услуга'],
    {
      options: Object.values(RESOURCE_NAMES),
      hint: 'Нужен, если прибор измеряет несколько ресурсов или назван только лицевым счётом.',
    },
  ),
  period: column(month, ['Период', 'Период, за который передаются показания', 'Расчетный период', 'Месяц'], {
    kind: 'month',
    hint: 'Если пусто, месяц даты снятия.',
  }),
  t1: column(reading, [...VALUE(1), 'Показание', 'Показания', 'Текущее показание', 'Новое показание'], {
    kind: 'number',
  }),
  t2: column(reading, VALUE(2), { kind: 'number' }),
  t3: column(reading, VALUE(3), { kind: 'number' }),
  tariff: column(tariff, ['Тариф', 'Тарифная зона'], {
    options: firstNames(TARIFFS),
    hint: 'Только если показания по тарифам одного прибора стоят в разных строках.',
  }),
  takenOn: column(day, ['Дата снятия показания', 'Дата снятия', 'Дата передачи показаний', 'Дата показания', 'Дата'], {
    kind: 'date',
    hint: 'Если пусто, сегодня, а для прошлого месяца его последний день.',
  }),
  kind: column(oneOf(READING_KINDS), ['Вид показания', 'Тип показания'], {
    options: firstNames(READING_KINDS),
    hint: 'Если пусто, текущее.',
  }),
  reason: column(text(250), ['Причина', 'Примечание', 'Причина уменьшения показания', 'Комментарий'], {
    width: 30,
    hint: 'Почему показание меньше прежнего. Без причины такая строка не загрузится.',
  }),
} as const satisfies Columns;

/** Of the exports that hold a device's whole card: they say nothing of its value. */
const PASSED_OVER = [
  'Помещение',
  'Тип помещения',
  'Количество тарифов',
  'Показание 4',
  'Дата поверки',
  'Дата следующей поверки',
  'Дата установки',
  'Дата ввода в эксплуатацию',
  'Дата опломбирования',
  'Дата контрольных показаний',
  'Место установки счетчика',
  'Автоматический',
  'Единица',
  'Источник',
  'Расход за месяц',
  'Единица расхода',
  'Тех. возможность авто-расчета потребляемого объема',
];

/** ЛС; ФИО; ЖКУ; GUID; адрес; код услуги; заводской №; ресурс; []; показание; дата. */
const ONE_C = [
  ['account'],
  null,
  ['serviceId'],
  ['guid'],
  ['address'],
  null,
  ['serial'],
  ['resource', 'tariff'],
  null,
  ['t1'],
  ['takenOn'],
] as const;

export const READINGS = section(
  'readings',
  ['Импорт показаний ИПУ', 'Импорт показаний', 'Показания ИПУ', 'Показания'],
  columns,
  {
    required: true,
    passedOver: PASSED_OVER,
    headless: { begins: '#DATE_', columns: ONE_C },
  },
);
export type ReadingRow = RowOf<typeof READINGS>;

export const HOUSE_READINGS = section('house_readings', ['Импорт показаний ОДПУ', 'Показания ОДПУ'], columns, {
  passedOver: PASSED_OVER,
});
