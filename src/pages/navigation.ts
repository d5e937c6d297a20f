import type { Actor } from '../platform/access.ts';
import { rolesOf } from '../platform/access.ts';
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
    { href: '/reminders', label: 'Напоминания' },
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

/** An organisation's own desk of appeals; an inspectorate has one too, for those sent to it. */
const APPEALS_DESK: NavItem = {
  href: '/work/appeals',
  label: 'Обращения',
  icon: 'message-square-text',
  children: [
    { href: '/work/appeals/search', label: 'Поиск обращений' },
    { href: '/work/appeals/templates', label: 'Шаблоны ответов' },
    { href: '/work/appeals/statistics', label: 'Статистика обращений' },
  ],
};

const DESK: readonly NavItem[] = [
  { href: '/work', label: 'Рабочий стол', icon: 'house' },
  APPEALS_DESK,
  { href: '/work/houses', label: 'Дома и помещения', short: 'Дома', icon: 'building-2' },
  {
    href: '/work/meters',
    label: 'Приборы учёта',
    short: 'Приборы',
    icon: 'gauge',
    children: [
      { href: '/work/meters/missing', label: 'Не передали показания' },
      { href: '/work/meters/waiting', label: 'Показания ждут решения' },
      { href: '/work/meters/due', label: 'Поверка' },
      { href: '/work/meters/export', label: 'Выгрузка показаний' },
      { href: '/work/meters/window', label: 'Дни приёма' },
    ],
  },
  { href: '/work/uploads', label: 'Загрузка файлов', short: 'Загрузки', icon: 'upload' },
  { href: '/work/claims', label: 'Заявки на подключение', short: 'Заявки', icon: 'send' },
  { href: '/work/organisation', label: 'Карточка организации', icon: 'briefcase' },
];

const KEYS = { href: '/work/api-keys', label: 'Ключи для программ' } as const;

const TERRITORY: NavItem = {
  href: '/work/territory',
  label: 'Обращения территории',
  short: 'Территория',
  icon: 'map',
  children: [
    { href: '/work/territory/missing-houses', label: 'Дома нет в системе' },
    { href: '/work/territory/requests', label: 'Запросы сведений' },
    { href: '/work/territory/statistics', label: 'Статистика' },
  ],
};

/** The menu of whoever looks. Only entries that work; «Подключенные ЛС» appears with the first connected account (S-MENU-4). */
export function navigationFor(actor: Actor): NavItem[] {
  const roles = rolesOf(actor);
  if (roles.has('inspector'))
    return [
      { href: '/work', label: 'Рабочий стол', icon: 'house' },
      APPEALS_DESK,
      TERRITORY,
      { href: '/find', label: 'Кто обслуживает дом', short: 'Дома', icon: 'building-2' },
    ];
  if (roles.has('head'))
    return [
      ...DESK.map((item) => (item.href === '/work/organisation' ? { ...item, children: [KEYS] } : item)),
      {
        href: '/work/shops',
        label: 'Приём платежей',
        short: 'Платежи',
        icon: 'wallet',
        children: [{ href: '/work/payments/questions', label: 'Спорные платежи' }],
      },
    ];
  if (roles.has('clerk')) return [...DESK];
  if (actor.kind !== 'person' || !roles.has('resident')) return [];
  const items = actor.connected ? [HOME, PAY, READINGS, APPEALS, BILLS, ACCOUNTS, ANALYTICS] : [HOME, PAY, APPEALS];
  if (actor.administrator)
    items.push(
      { href: '/administration/organisations', label: 'Организации', icon: 'briefcase' },
      { href: '/administration/split-shop', label: 'Общий магазин', icon: 'credit-card' },
      { href: '/administration/support', label: 'Вопросы в поддержку', short: 'Поддержка', icon: 'life-buoy' },
    );
  return items;
}
