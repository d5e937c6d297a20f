import type { EmployeeRole } from '../../platform/access.ts';
import type { OrganisationId } from '../../platform/ids.ts';
import type { Day } from '../../platform/month.ts';
import { dayIn } from '../../platform/month.ts';
import type { Option } from '../../ui/index.ts';

/** Organisations are of the country's calendar. */
export const ZONE = 'Europe/Moscow';
export const todayAt = (at: Date): Day => dayIn(ZONE, at);

/** What each role is for, said to the head who gives it and to whoever is offered it. */
const ROLES: readonly (Option & { value: EmployeeRole })[] = [
  { value: 'clerk', label: 'Специалист', hint: 'Всё, кроме сотрудников, ключей для программ и банковских счетов' },
  { value: 'accountant', label: 'Бухгалтер', hint: 'Лицевые счета, квитанции, платежи и их файлы, приём платежей' },
  { value: 'dispatcher', label: 'Диспетчер', hint: 'Обращения, показания и приборы, заявки на подключение' },
  { value: 'viewer', label: 'Наблюдатель', hint: 'Смотрит дома и статистику без имён жителей, ничего не меняет' },
  { value: 'head', label: 'Руководитель', hint: 'Всё, в том числе сотрудники и карточка организации' },
];
const INSPECTORATE_ROLES: readonly (Option & { value: EmployeeRole })[] = [
  { value: 'clerk', label: 'Инспектор', hint: 'Обращения территории, запросы организациям, ответы' },
  { value: 'viewer', label: 'Наблюдатель', hint: 'Только статистика, без обращений и имён' },
  { value: 'head', label: 'Руководитель', hint: 'То же, что инспектор, и сотрудники инспекции' },
];

/** НСИ 20, code 4. */
const INSPECTORATE = '4';
export const isInspectorate = (powers: readonly string[]): boolean => powers.includes(INSPECTORATE);
export const rolesOffered = (powers: readonly string[]) => (isInspectorate(powers) ? INSPECTORATE_ROLES : ROLES);

/** «Бухгалтер. Лицевые счета, квитанции…» */
export function roleWords(role: EmployeeRole, powers: readonly string[]): string {
  const { label, hint } = [...rolesOffered(powers), ...ROLES].find(({ value }) => value === role)!;
  return `${label}. ${hint}`;
}

export const PATH = '/work/employees';
export const DELEGATIONS = '/work/delegations';
export const administrationPath = (organisationId: OrganisationId): string =>
  `/administration/organisations/${organisationId}/employees`;
