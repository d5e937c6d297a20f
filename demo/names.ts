import type { Random } from './random.ts';

/** A person of the demonstration: a surname that nobody bears, declined by gender, with a СНИЛС that passes its check. */
export interface Resident {
  familyName: string;
  givenName: string;
  middleName: string;
  snils: string;
  female: boolean;
}

/** Stems with the endings that they take. */
const STEMS = [
  [
    [
      'Балкон',
      'Подъезд',
      'Радиатор',
      'Домофон',
      'Фундамент',
      'Карниз',
      'Чердак',
      'Камин',
      'Торшер',
      'Абажур',
      'Линолеум',
    ],
    'ов',
    'ова',
  ],
  [
    ['Самовар', 'Пылесос', 'Коридор', 'Паркет', 'Плинтус', 'Сугроб', 'Водосток', 'Утюг', 'Матрас', 'Комод', 'Газон'],
    'ов',
    'ова',
  ],
  [['Гараж', 'Этаж', 'Чертёж', 'Сторож', 'Ключ', 'Кирпич', 'Обруч', 'Калач', 'Шалаш', 'Плащ'], 'ев', 'ева'],
  [['Лестниц', 'Форточк', 'Батарейк', 'Скамейк', 'Табуретк', 'Подушк', 'Лампочк', 'Калитк', 'Розетк'], 'ин', 'ина'],
  [['Дворов', 'Лифтов', 'Крышев', 'Оконнов', 'Порожнов', 'Антеннов', 'Садов', 'Арочнов'], 'ский', 'ская'],
] as const;

const MALE = [
  'Аким',
  'Борис',
  'Виктор',
  'Глеб',
  'Егор',
  'Захар',
  'Игнат',
  'Кирилл',
  'Лев',
  'Макар',
  'Никита',
  'Олег',
  'Пётр',
  'Роман',
  'Савва',
  'Тимофей',
];
const FEMALE = [
  'Алла',
  'Варвара',
  'Галина',
  'Дарья',
  'Ева',
  'Зоя',
  'Инна',
  'Клавдия',
  'Лидия',
  'Майя',
  'Нина',
  'Ольга',
  'Полина',
  'Рита',
  'Софья',
  'Таисия',
];
const FATHERS = [
  ['Акимович', 'Акимовна'],
  ['Борисович', 'Борисовна'],
  ['Викторович', 'Викторовна'],
  ['Глебович', 'Глебовна'],
  ['Егорович', 'Егоровна'],
  ['Захарович', 'Захаровна'],
  ['Ильич', 'Ильинична'],
  ['Кириллович', 'Кирилловна'],
  ['Львович', 'Львовна'],
  ['Макарович', 'Макаровна'],
  ['Никитич', 'Никитична'],
  ['Олегович', 'Олеговна'],
  ['Петрович', 'Петровна'],
  ['Романович', 'Романовна'],
] as const;

function familyName(random: Random, female: boolean): string {
  const [stems, man, woman] = random.pick(STEMS);
  return random.pick(stems) + (female ? woman : man);
}

export function residentOf(random: Random, snils: string): Resident {
  const female = random.chance(55);
  const first = familyName(random, female);
  const second = random.chance(25) ? familyName(random, female) : first;
  return {
    familyName: first === second ? first : `${first}-${second}`,
    givenName: random.pick(female ? FEMALE : MALE),
    middleName: random.pick(FATHERS)[female ? 1 : 0],
    snils,
    female,
  };
}

export const fullNameOf = ({ familyName: family, givenName, middleName }: Resident): string =>
  `${family} ${givenName} ${middleName}`;
