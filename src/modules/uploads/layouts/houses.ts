import { day, decimal, digits, oneOf, text, whole, yesNo } from '../readers.ts';
import { column, type RowOf, section } from '../sections.ts';

/** «МКД-УО»: houses with their parts, each sheet naming its house by the address of the first. */
const ADDRESS = [
  'Адрес МКД',
  'Адрес',
  'Адрес дома',
  'Адрес МКД, в котором расположено помещение',
  'Адрес МКД, в котором расположено жилое помещение',
  'Адрес МКД, в котором расположено нежилое помещение',
  'Адрес МКД, в котором расположен подъезд',
  'Адрес МКД, в котором расположена комната',
  'Адрес МКД, в котором расположен лифт',
  'Адрес МКД, для которого задается информация',
] as const;

const address = column(text(1000), ADDRESS, {
  required: true,
  width: 50,
  hint: 'Так же, как на листе «Характеристики МКД»: по адресу строка находит свой дом.',
});
const area = (...headings: string[]) => column(decimal(4), headings, { kind: 'number' });
const cadastral = column(text(100), ['Кадастровый номер', 'Кадастровый номер (для связывания сведений с ГКН и ЕГРП)']);
const confirmed = column(yesNo, ['Информация подтверждена поставщиком', 'Подтверждено поставщиком', 'Подтверждено'], {
  options: ['Да', 'Нет'],
});
const YEAR = whole(1600, 2100);

export const HOUSE = section('house', ['Характеристики МКД', 'Характеристики дома', 'МКД'], {
  address: column(text(1000), ['Адрес', 'Адрес МКД', 'Адрес дома'], { required: true, width: 50 }),
  guid: column(
    text(100),
    [
      'GUID дома по ФИАС',
      'GUID дома по ФИАС / код дома',
      'GUID дома по ФИАС / идентификационный код дома в ГИС ЖКХ',
      'Код дома по ФИАС',
    ],
    {
      kind: 'identifier',
      width: 40,
      hint: 'Можно вписать и код дома в ГИС ЖКХ. Если нет ни того, ни другого, дом ищется по адресу.',
    },
  ),
  oktmo: column(digits(8, 11), ['ОКТМО', 'Код ОКТМО'], { kind: 'identifier' }),
  state: column(text(100), ['Состояние', 'Состояние дома', 'Общая характеристика дома > Состояние'], { nsi: 24 }),
  stage: column(text(100), ['Стадия жизненного цикла'], { nsi: 338 }),
  totalArea: area('Общая площадь здания', 'Общая площадь дома', 'Общая площадь'),
  yearBuilt: column(YEAR, ['Год постройки'], { kind: 'number' }),
  yearInUse: column(YEAR, ['Год ввода в эксплуатацию'], { kind: 'number' }),
  storeysMax: column(whole(1, 200), ['Количество этажей', 'Кол-во этажей', 'Количество этажей, наибольшее'], {
    kind: 'number',
  }),
  undergroundStoreys: column(whole(0, 50), ['Количество подземных этажей', 'Кол-во подземных этажей'], {
    kind: 'number',
  }),
  storeysMin: column(whole(1, 200), ['Количество этажей, наименьшее'], { kind: 'number' }),
  zone: column(text(60), ['Часовая зона по Olson', 'Часовая зона', 'Часовой пояс'], {
    hint: 'Например Europe/Moscow. Если не указана, берётся по региону.',
  }),
  heritage: column(
    yesNo,
    [
      'Объект культурного наследия',
      'Наличие статуса объекта культурного наследия',
      'Наличие у дома статуса объекта культурного наследия',
    ],
    {
      options: ['Да', 'Нет'],
    },
  ),
  cadastralNumber: cadastral,
  managedFrom: column(day, ['Дата начала управления'], { kind: 'date' }),
});

const FLAT_NUMBER = ['Номер помещения', 'Номер квартиры'] as const;
const premisesNumber = column(text(100), FLAT_NUMBER, { required: true, kind: 'identifier' });
const entranceNumber = column(text(50), ['Номер подъезда', 'Подъезд'], { kind: 'identifier' });
const closedOn = column(day, ['Дата прекращения существования объекта', 'Дата прекращения'], { kind: 'date' });

export const NON_RESIDENTIAL = section('non_residential', ['Нежилые помещения'], {
  address,
  number: premisesNumber,
  commonProperty: column(
    yesNo,
    ['Общее имущество?', 'Помещение, составляющее общее имущество в многоквартирном доме'],
    { options: ['Да', 'Нет'] },
  ),
  totalArea: area('Общая площадь', 'Общая площадь нежилого помещения'),
  cadastralNumber: cadastral,
  confirmed,
  closedOn,
});

export const ENTRANCES = section('entrances', ['Подъезды'], {
  address,
  number: column(text(50), ['Номер подъезда', 'Подъезд'], { required: true, kind: 'identifier' }),
  storeys: column(whole(1, 200), ['Этажность', 'Количество этажей'], { kind: 'number' }),
  yearBuilt: column(YEAR, ['Год постройки', 'Дата постройки'], { kind: 'number' }),
  confirmed,
  closedOn,
});

export const FLATS = section('flats', ['Жилые помещения', 'Квартиры'], {
  address,
  number: premisesNumber,
  entranceNumber,
  characteristic: column(text(200), ['Характеристика помещения', 'Характеристика жилого помещения'], {
    nsi: 30,
    width: 30,
  }),
  totalArea: area('Общая площадь', 'Общая площадь жилого помещения'),
  livingArea: area('Жилая площадь', 'Жилая площадь жилого помещения'),
  cadastralNumber: cadastral,
  confirmed,
  closedOn,
});

export const ROOMS = section('rooms', ['Комнаты'], {
  address,
  premisesNumber: column(text(100), FLAT_NUMBER, { required: true, kind: 'identifier' }),
  number: column(text(50), ['Номер комнаты'], { required: true, kind: 'identifier' }),
  area: area('Площадь', 'Площадь комнаты'),
  cadastralNumber: cadastral,
  confirmed,
});

export const LIFTS = section('lifts', ['Лифты'], {
  address,
  entranceNumber: column(text(50), ['Номер подъезда', 'Подъезд'], { required: true, kind: 'identifier' }),
  factoryNumber: column(text(100), ['Заводской номер', 'Заводской номер лифта'], {
    required: true,
    kind: 'identifier',
  }),
  kind: column(text(100), ['Тип лифта'], { nsi: 192 }),
  serviceLimit: column(text(100), ['Предельный срок эксплуатации', 'Предельный срок эксплуатации лифта']),
});

export const LIFT_FACTS = section('lift_facts', ['Информация о лифтах', 'Параметры лифтов'], {
  address,
  entranceNumber: column(text(50), ['Номер подъезда', 'Подъезд'], { required: true, kind: 'identifier' }),
  factoryNumber: column(text(100), ['Заводской номер', 'Заводской номер лифта'], {
    required: true,
    kind: 'identifier',
  }),
  name: column(text(300), ['Параметр', 'Наименование параметра'], { required: true, width: 40 }),
  value: column(text(1000), ['Значение', 'Значение параметра'], { width: 40 }),
});

export type HouseRow = RowOf<typeof HOUSE>;
export type NonResidentialRow = RowOf<typeof NON_RESIDENTIAL>;
export type EntranceRow = RowOf<typeof ENTRANCES>;
export type FlatRow = RowOf<typeof FLATS>;
export type RoomRow = RowOf<typeof ROOMS>;
export type LiftRow = RowOf<typeof LIFTS>;
export type LiftFactRow = RowOf<typeof LIFT_FACTS>;

export const PREMISES_KINDS = {
  residential: ['Жилое помещение', 'Жилое', 'Квартира', 'Кв'],
  non_residential: ['Нежилое помещение', 'Нежилое', 'Помещение'],
  block: ['Блок', 'Блок в доме блокированной застройки', 'Блок жилого дома'],
  whole_house: ['Дом целиком', 'Жилой дом', 'Индивидуальный дом', 'Дом'],
} as const;
export const premisesKind = oneOf(PREMISES_KINDS);
