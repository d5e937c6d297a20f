import { type MeterKind, parseReading, type Resource } from '../../meters/index.ts';
import { oneOf, type Reader, text, Wrong } from '../readers.ts';
import { column } from '../sections.ts';

/** What the columns of devices and of readings have in common. */

/** НСИ 27, as the state's templates and other programs write it. */
export const METER_KINDS: Readonly<Record<MeterKind, readonly string[]>> = {
  individual: ['Индивидуальный', 'ИПУ', '1'],
  house: ['Коллективный (общедомовой)', 'Коллективный', 'Общедомовой', 'ОДПУ', 'КПУ', '2'],
  common_flat: ['Общий (квартирный)', 'Общий', 'Квартирный', 'Общеквартирный', '3'],
  room: ['Комнатный', '4'],
};
export const meterKind: Reader<MeterKind> = oneOf(METER_KINDS);

/** НСИ 2. */
export const RESOURCE_WORDS: Readonly<Record<Resource, readonly string[]>> = {
  1: ['Холодная вода', 'ХВС', 'ХВ', 'Холодное водоснабжение', '1'],
  2: ['Горячая вода', 'ГВС', 'ГВ', 'Горячее водоснабжение', '2'],
  3: ['Электрическая энергия', 'Электроэнергия', 'Электроснабжение', 'Электричество', 'ЭлЭ', 'ЭЭ', 'Свет', '3'],
  4: ['Газ', 'Газоснабжение', '4'],
  5: ['Тепловая энергия', 'Тепло', 'Отопление', 'Теплоснабжение', 'ТЭ', '5'],
  8: ['Сточные воды', 'Водоотведение', 'Канализация', 'Стоки', 'СВ', '8'],
};
export const resource: Reader<Resource> = oneOf(RESOURCE_WORDS);

/** ОКЕИ. */
type Unit = '112' | '113' | '233' | '245' | '246' | '271' | 'A056' | 'A058';
export const UNIT_WORDS: Readonly<Record<Unit, readonly string[]>> = {
  113: ['м³', 'м3', 'куб м', 'Кубический метр', '113'],
  112: ['л', 'Литр', '112'],
  245: ['кВт·ч', 'кВтч', 'Киловатт-час', '245'],
  246: ['МВт·ч', 'МВтч', 'Мегаватт-час', '246'],
  233: ['Гкал', 'Гигакалория', '233'],
  271: ['Дж', 'Джоуль', '271'],
  A056: ['ГДж', 'Гигаджоуль', 'A056'],
  A058: ['МДж', 'Мегаджоуль', 'A058'],
};

/** НСИ 4. */
export const TARIFF_WORDS: Readonly<Record<'1' | '2' | '3', readonly string[]>> = {
  1: ['Однотарифный', 'Один', '1'],
  2: ['Двухтарифный', 'Два', '2'],
  3: ['Трехтарифный', 'Трёхтарифный', 'Три', '3'],
};

/** A value of a device: exact decimal text. */
export const reading: Reader<string> = (raw) =>
  parseReading(raw) ?? new Wrong(`укажите показание числом без минуса, например 123,45`);

export const accountNumber = (required = false) =>
  column(
    text(60),
    [
      'Номер ЛС / ЕЛС / идентификатор ЖКУ',
      'Номер ЛС/ЕЛС/ид. ЖКУ',
      'Номер лицевого счета/Единый лицевой счет/Идентификатор ЖКУ',
      'Номер лицевого счета',
      'Лицевой счет',
      'Номер ЛС',
      'ЛС',
      'Идентификатор ЖКУ',
    ],
    {
      required,
      kind: 'identifier',
      width: 22,
      hint: 'Номер лицевого счёта вашей организации, ЕЛС или идентификатор ЖКУ. У общедомового прибора счёта нет.',
    },
  );

export const meterNumber = () =>
  column(
    text(60),
    [
      'Номер ПУ в Домовом',
      'Номер ПУ в ГИС ЖКХ',
      'Номер прибора учета в ГИС ЖКХ',
      'Номер прибора учета в Регсегменте',
      'Номер ПУ в Регсегменте',
      'Номер прибора учета в Домовом',
      'Номер ПУ',
    ],
    { kind: 'identifier', width: 18 },
  );

export const serialNumber = (required = false) =>
  column(
    text(50),
    [
      'Заводской (серийный) номер ПУ',
      'Заводской номер ПУ',
      'Серийный номер ПУ',
      'Серийный номер',
      'Заводской номер',
      'Номер счетчика',
      'Заводской номер счетчика',
    ],
    { required, kind: 'identifier', width: 20 },
  );

export const brandOf = () => column(text(100), ['Марка ПУ', 'Марка', 'Марка прибора учета']);

export const houseAddress = () =>
  column(
    text(1000),
    ['Адрес дома', 'Адрес дома, помещения, комнаты > Адрес дома', 'Адрес', 'Адрес МКД', 'Адрес дома (адрес помещения)'],
    { width: 50 },
  );

export const resourceOf = (required = false) =>
  column(resource, ['Вид коммунального ресурса', 'Коммунальный ресурс', 'Ресурс', 'Тип счетчика', 'Услуга'], {
    required,
    options: Object.values(RESOURCE_WORDS).map(([name]) => name!),
    width: 22,
  });
