import { type Actor, actingFor, authorise, personOf } from '../../../platform/access.ts';
import type { FieldError } from '../../../platform/errors.ts';
import { Invalid } from '../../../platform/errors.ts';
import type { OrganisationId, PersonId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import { access } from '../access.ts';
import { isInspectorate, rolesOffered } from '../staff.ts';
import type { WorkForm } from './employee-form.ts';

/** On whose word somebody works for an organisation. */
export interface Authority {
  organisationId: OrganisationId;
  personId: PersonId;
  /** The installation's administrator, who brings in heads and nobody else. */
  isAdministrator: boolean;
}

/**
 * The head of the organisation; an administrator for any organisation.
 * @param organisationId which one the administrator means; null: the one that the head acts for
 * @throws Forbidden
 */
export function authorityOf(actor: Actor, organisationId: OrganisationId | null): Authority {
  if (organisationId) {
    authorise(actor, access.inviteHead);
    return { organisationId, personId: personOf(actor).personId, isAdministrator: true };
  }
  authorise(actor, access.manageEmployees);
  const { personId, acting } = actingFor(actor);
  return { organisationId: acting.organisationId, personId, isAdministrator: false };
}

/** What is wrong with the work that is given: the role, its last day, its houses. @throws Invalid with all of it */
export function checkWork(
  { role, until, houses }: WorkForm,
  { powers, today, isAdministrator }: { powers: readonly string[]; today: Day; isAdministrator: boolean },
): void {
  const wrong: FieldError[] = [];
  const isOffered = rolesOffered(powers).some(({ value }) => value === role);
  if (!isOffered || (isAdministrator && role !== 'head'))
    wrong.push({ field: 'role', message: 'Выберите роль из списка' });
  if (until && until < today) wrong.push({ field: 'until', message: 'Этот день уже прошёл' });
  if (until && role === 'head')
    wrong.push({ field: 'until', message: 'Руководителю срок не задают: организация осталась бы без руководителя' });
  if (houses === 'some' && role === 'head') wrong.push({ field: 'houses', message: 'Руководителю открыты все дома' });
  if (houses === 'some' && isInspectorate(powers))
    wrong.push({ field: 'houses', message: 'Инспекция работает со всей территорией' });
  if (wrong.length > 0) throw new Invalid(wrong);
}
