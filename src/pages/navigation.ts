import { type Acting, type Actor, type Role, rolesOf, STAFF } from '../platform/access.ts';
import type { NavItem } from '../ui/index.ts';

const HOME: NavItem = { href: '/', label: 'Главная страница личного кабинета', short: 'Главная', icon: 'house' };
const PAY: NavItem = {
  href: '/pay',
  label: 'Оплата ЖКУ',
  short: 'Оплата',
  icon: 'wallet',
  children: [
    { href: '/history', label: 'История платежей' },
    { href: '/pay/any', label: 'Оплатить по любому лицевому счёту' },
  ],
};
const READINGS: NavItem = {
  href: '/readings',
  label: 'Показания приборов учёта',
  short: 'Показания',
  icon: 'gauge',
  children: [
    { href: '/meters', label: 'Приборы учёта' },
    { href: '/settings/notices', label: 'Напоминания' },
  ],
};
const ACCOUNTS: NavItem = {
  href: '/accounts',
  label: 'Подключенные ЛС к Личному кабинету',
  short: 'Мои счета',
  icon: 'list',
};
const ANALYTICS: NavItem = {
  href: '/statistics',
  label: 'Аналитика и отчеты',
  short: 'Аналитика',
  icon: 'chart-column',
};
const APPEALS: NavItem = {
  href: '/appeals',
  label: 'Обращения и ответы на них',
  short: 'Обращения',
  icon: 'message-square-text',
  children: [{ href: '/appeals', label: 'Собственные обращения' }],
};
const BILLS: NavItem = { href: '/bills', label: 'Квитанции', icon: 'receipt' };

/** An item of the workplace, with who may open it. A test opens each of them as each role. */
interface DeskItem extends Omit<NavItem, 'children'> {
  roles: readonly Role[];
  /** The whole organisation's: not for those who are limited to some of its houses. */
  whole?: true;
  children?: readonly { href: string; label: string; roles?: readonly Role[]; whole?: true }[];
}

const CLERKS: readonly Role[] = ['clerk', 'dispatcher'];
const WITH_ACCOUNTS: readonly Role[] = ['clerk', 'accountant', 'dispatcher'];

const DESK: readonly DeskItem[] = [
  {
    href: '/work',
    label: 'Рабочий стол',
    short: 'Стол',
    icon: 'house',
    roles: [...STAFF, 'centre', 'inspector', 'inspectorate viewer'],
  },
  // An organisation's own desk of appeals; an inspectorate has one too, for those sent to it.
  {
    href: '/work/appeals',
    label: 'Обращения',
    icon: 'message-square-text',
    roles: [...CLERKS, 'inspector'],
    children: [
      { href: '/work/appeals/search', label: 'Поиск обращений' },
      { href: '/work/appeals/templates', label: 'Шаблоны ответов' },
      { href: '/work/appeals/statistics', label: 'Статистика обращений' },
    ],
  },
  {
    href: '/work/appeals/statistics',
    label: 'Статистика обращений',
    short: 'Статистика',
    icon: 'chart-column',
    roles: ['viewer'],
  },
  {
    href: '/work/territory',
    label: 'Обращения территории',
    short: 'Территория',
    icon: 'map',
    roles: ['inspector'],
    children: [
      { href: '/work/territory/missing-houses', label: 'Дома нет в системе' },
      { href: '/work/territory/requests', label: 'Запросы сведений' },
      { href: '/work/territory/statistics', label: 'Статистика' },
    ],
  },
  {
    href: '/work/territory/statistics',
    label: 'Статистика обращений',
    short: 'Статистика',
    icon: 'chart-column',
    roles: ['inspectorate viewer'],
  },
  {
    href: '/find',
    label: 'Кто обслуживает дом',
    short: 'Дома',
    icon: 'building-2',
    roles: ['inspector', 'inspectorate viewer'],
  },
  {
    href: '/work/employees',
    label: 'Сотрудники',
    icon: 'users',
    roles: ['chief inspector'],
  },
  { href: '/work/houses', label: 'Дома и помещения', short: 'Дома', icon: 'building-2', roles: STAFF },
  {
    href: '/work/meters',
    label: 'Приборы учёта',
    short: 'Приборы',
    icon: 'gauge',
    roles: STAFF,
    children: [
      { href: '/work/meters/missing', label: 'Не передали показания', roles: WITH_ACCOUNTS },
      { href: '/work/meters/waiting', label: 'Показания ждут решения', roles: WITH_ACCOUNTS },
      { href: '/work/meters/due', label: 'Поверка', roles: WITH_ACCOUNTS },
      { href: '/work/meters/export', label: 'Выгрузка показаний', roles: WITH_ACCOUNTS },
      { href: '/work/meters/window', label: 'Дни приёма' },
    ],
  },
  {
    href: '/work/uploads',
    label: 'Загрузка файлов',
    short: 'Загрузки',
    icon: 'upload',
    roles: [...WITH_ACCOUNTS, 'centre'],
  },
  {
    href: '/work/claims',
    label: 'Заявки на подключение',
    short: 'Заявки',
    icon: 'send',
    roles: [...CLERKS, 'centre for claims'],
  },
  {
    href: '/work/organisation',
    label: 'Карточка организации',
    icon: 'briefcase',
    roles: STAFF,
    children: [
      { href: '/work/employees', label: 'Сотрудники', roles: ['head'] },
      { href: '/work/organisation/requisites', label: 'Банковские счета', roles: ['head', 'accountant'], whole: true },
      { href: '/work/delegations', label: 'Поручения', roles: ['head'] },
      { href: '/work/api-keys', label: 'Ключи для программ', roles: ['head'] },
    ],
  },
  {
    href: '/work/shops',
    label: 'Приём платежей',
    short: 'Платежи',
    icon: 'wallet',
    roles: ['head', 'accountant'],
    whole: true,
    children: [{ href: '/work/payments/questions', label: 'Спорные платежи' }],
  },
];

function deskOf(roles: ReadonlySet<Role>, { houses }: Pick<Acting, 'houses'>): NavItem[] {
  const isFor = ({ roles: those, whole }: { roles?: readonly Role[]; whole?: true }) =>
    (those?.some((role) => roles.has(role)) ?? true) && (houses === null || !whole);
  return DESK.filter(isFor).map(({ roles: _, whole: __, children, ...item }) => {
    const shown = (children ?? []).filter(isFor).map(({ href, label }) => ({ href, label }));
    return shown.length > 0 ? { ...item, children: shown } : item;
  });
}

/** The menu of whoever looks. Only entries that work; «Подключенные ЛС» appears with the first connected account (S-MENU-4). */
export function navigationFor(actor: Actor): NavItem[] {
  const roles = rolesOf(actor);
  if (actor.kind === 'person' && actor.accepted && actor.acting) return deskOf(roles, actor.acting);
  if (actor.kind !== 'person' || !roles.has('resident')) return [];
  const items = actor.connected ? [HOME, PAY, READINGS, APPEALS, BILLS, ACCOUNTS, ANALYTICS] : [HOME, PAY, APPEALS];
  if (actor.administrator)
    items.push(
      { href: '/administration', label: 'Состояние установки', short: 'Установка', icon: 'list' },
      {
        href: '/administration/organisations',
        label: 'Организации',
        icon: 'briefcase',
        children: [
          { href: '/administration/organisations/applications', label: 'Заявки организаций' },
          { href: '/administration/organisations/requisites', label: 'Банковские счета' },
        ],
      },
      { href: '/administration/split-shop', label: 'Общий магазин', icon: 'credit-card' },
      { href: '/administration/mail', label: 'Письма и уведомления', short: 'Письма', icon: 'mail' },
      { href: '/administration/files', label: 'Хранилище файлов', short: 'Файлы', icon: 'paperclip' },
      { href: '/administration/support', label: 'Вопросы в поддержку', short: 'Поддержка', icon: 'life-buoy' },
    );
  return items;
}
