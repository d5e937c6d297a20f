import { type OrganisationKey, organisation } from './organisations.ts';

/**
 * A named person of the demonstration. All of them are invented, with surnames nobody bears; SNILS and INN pass their
 * checks. `sub` never changes: homes and roles of the demo data hang on it.
 */
export interface DemoPerson {
  login: string;
  sub: string;
  familyName: string;
  givenName: string;
  middleName: string;
  /** YYYY-MM-DD */
  birthdate: string;
  gender: 'male' | 'female';
  /** 11 digits. */
  snils: string;
  /** 12 digits. */
  inn: string;
  email: string;
  /** E.164, with the code 944, which no operator has been given. */
  phone: string;
  /** The account is confirmed («подтверждённая учётная запись»). */
  trusted: boolean;
  organizations: { ogrn: string; role: 'head' | 'clerk' }[];
  /** One line for the sign-in page: what this person can show. */
  shows: string;
}

const at = (key: OrganisationKey, role: 'head' | 'clerk') => [{ ogrn: organisation(key).ogrn, role }];

export const PEOPLE: DemoPerson[] = [
  {
    login: 'domovitova',
    sub: '1000000001',
    familyName: 'Домовитова-Двухквартирная',
    givenName: 'Алёна',
    middleName: 'Петровна',
    birthdate: '1956-03-08',
    gender: 'female',
    snils: '98700010702',
    inn: '980100010128',
    email: 'domovitova@primer.test',
    phone: '+79440000001',
    trusted: true,
    organizations: [],
    shows: 'Владелица двух квартир: девять лицевых счетов, квитанции, долги, оплата, история',
  },
  {
    login: 'pervovhodov',
    sub: '1000000002',
    familyName: 'Первовходов',
    givenName: 'Семён',
    middleName: 'Ильич',
    birthdate: '1991-11-19',
    gender: 'male',
    snils: '98700011401',
    inn: '980100010209',
    email: 'pervovhodov@primer.test',
    phone: '+79440000002',
    trusted: true,
    organizations: [],
    shows: 'Новичок: подключает первый лицевой счёт по номеру',
  },
  {
    login: 'kvartirosyomova',
    sub: '1000000003',
    familyName: 'Квартиросъёмова',
    givenName: 'Дарья',
    middleName: 'Олеговна',
    birthdate: '1998-06-01',
    gender: 'female',
    snils: '98700012100',
    inn: '980100010375',
    email: 'kvartirosyomova@primer.test',
    phone: '+79440000003',
    trusted: true,
    organizations: [],
    shows: 'Нанимательница муниципальной квартиры: платит и за наём',
  },
  {
    login: 'nepodtverzhdyonov',
    sub: '1000000004',
    familyName: 'Неподтверждёнов',
    givenName: 'Фёдор',
    middleName: 'Андреевич',
    birthdate: '1983-01-30',
    gender: 'male',
    snils: '98700012807',
    inn: '980100010449',
    email: 'nepodtverzhdyonov@primer.test',
    phone: '+79440000004',
    trusted: false,
    organizations: [],
    shows: 'Учётная запись не подтверждена: видно, что закрыто и как подтвердить',
  },
  {
    login: 'zayavkina',
    sub: '1000000011',
    familyName: 'Заявкина-Дубравская',
    givenName: 'Ольга',
    middleName: 'Викторовна',
    birthdate: '1987-09-14',
    gender: 'female',
    snils: '98700013506',
    inn: '980100010512',
    email: 'zayavkina@dubravushka.test',
    phone: '+79440000011',
    trusted: true,
    organizations: at('dubravushka', 'clerk'),
    shows: 'Специалист ООО «УК „Дубравушка“»: дома, лицевые счета, загрузка файлов, заявки',
  },
  {
    login: 'upravlyaev',
    sub: '1000000012',
    familyName: 'Управляев-Дубравский',
    givenName: 'Пётр',
    middleName: 'Кириллович',
    birthdate: '1971-05-22',
    gender: 'male',
    snils: '98700014205',
    inn: '980100010696',
    email: 'upravlyaev@dubravushka.test',
    phone: '+79440000012',
    trusted: true,
    organizations: at('dubravushka', 'head'),
    shows: 'Руководитель ООО «УК „Дубравушка“»: карточка организации, приём платежей',
  },
  {
    login: 'tihodvorova',
    sub: '1000000013',
    familyName: 'Тиходворова',
    givenName: 'Нина',
    middleName: 'Егоровна',
    birthdate: '1990-12-05',
    gender: 'female',
    snils: '98700014912',
    inn: '980100010760',
    email: 'tihodvorova@tikhiy-dvor.test',
    phone: '+79440000013',
    trusted: true,
    organizations: at('tikhiy-dvor', 'clerk'),
    shows: 'Специалист ООО «Тихий двор»: не видит домов соседней компании',
  },
  {
    login: 'dvoroupravlyaev',
    sub: '1000000014',
    familyName: 'Двороуправляев',
    givenName: 'Глеб',
    middleName: 'Савельевич',
    birthdate: '1968-02-17',
    gender: 'male',
    snils: '98700015611',
    inn: '980100010833',
    email: 'dvoroupravlyaev@tikhiy-dvor.test',
    phone: '+79440000014',
    trusted: true,
    organizations: at('tikhiy-dvor', 'head'),
    shows: 'Руководитель ООО «Тихий двор»',
  },
  {
    login: 'teplovodova',
    sub: '1000000021',
    familyName: 'Тепловодоснабжева',
    givenName: 'Инна',
    middleName: 'Романовна',
    birthdate: '1985-07-27',
    gender: 'female',
    snils: '98700016310',
    inn: '980100010907',
    email: 'teplovodova@teplorodnik.test',
    phone: '+79440000021',
    trusted: true,
    organizations: at('teplorodnik', 'clerk'),
    shows: 'Специалист АО «Теплородник»: лицевые счета за воду и тепло',
  },
  {
    login: 'kapremontov',
    sub: '1000000022',
    familyName: 'Капремонтников-Крепкостенов',
    givenName: 'Лев',
    middleName: 'Артёмович',
    birthdate: '1979-10-10',
    gender: 'male',
    snils: '98700017009',
    inn: '980100011001',
    email: 'kapremontov@krepkie-steny.test',
    phone: '+79440000022',
    trusted: true,
    organizations: at('krepkie-steny', 'clerk'),
    shows: 'Специалист фонда капитального ремонта: взносы и их учёт',
  },
  {
    login: 'proveryalova',
    sub: '1000000031',
    familyName: 'Домопроверялова',
    givenName: 'Вера',
    middleName: 'Максимовна',
    birthdate: '1976-04-12',
    gender: 'female',
    snils: '98700017716',
    inn: '980100011185',
    email: 'proveryalova@inspektsiya.test',
    phone: '+79440000031',
    trusted: true,
    organizations: at('inspektsiya', 'clerk'),
    shows: 'Сотрудник жилищной инспекции: дома и организации района',
  },
  {
    login: 'platformennyy',
    sub: '1000000041',
    familyName: 'Платформенный',
    givenName: 'Кирилл',
    middleName: 'Денисович',
    birthdate: '1988-08-03',
    gender: 'male',
    snils: '98700018415',
    inn: '980100011259',
    email: 'platformennyy@operator.test',
    phone: '+79440000041',
    trusted: true,
    organizations: at('operator', 'head'),
    shows: 'Администратор: организации, их полномочия, общий магазин',
  },
];
