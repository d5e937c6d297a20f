import type { Day } from '../../platform/month.ts';
import type { RulesInForce } from '../../platform/rules/rules.ts';
import type { AccountCard } from '../accounts/index.ts';
import type { ChargeLine, DocumentBody } from '../billing/index.ts';
import type { Norm } from './estimate.ts';
import { type Resource, SERVICES_OF } from './meter.ts';
import type { HousePlace } from './windows.ts';

const HEAT: Resource = '5';

export const normKey = (resource: Resource): string => `norm.${resource}`;

/** What the norm is multiplied by: people, or m² for heating; null when the account does not say. */
function countOf(
  resource: Resource,
  account: Pick<AccountCard, 'residents' | 'heatedArea' | 'totalArea'>,
): string | null {
  if (resource === HEAT) return account.heatedArea ?? account.totalArea;
  return account.residents === null ? null : String(account.residents);
}

/**
 * The norm of consumption for a home: the dated row of its municipality or region, else what the issuer's last bill names as the norm
 * of the service. Null when neither is known, or not for how many people (m²).
 */
export function normFor(input: {
  resource: Resource;
  on: Day;
  house: HousePlace;
  rules: RulesInForce;
  account: Pick<AccountCard, 'residents' | 'heatedArea' | 'totalArea'>;
  bill: {
    lines: readonly Pick<ChargeLine, 'service' | 'serviceCode'>[];
    reference: readonly Pick<DocumentBody['reference'][number], 'service' | 'normIndividual'>[];
  } | null;
}): Norm | null {
  const { resource, on, house, rules, account, bill } = input;
  const count = countOf(resource, account);
  if (count === null) return null;
  const { regionCode, oktmo, houseId } = house;
  const rule = rules.find(normKey(resource), on, { regionCode, oktmo, houseId });
  if (rule) return { each: rule.value, count, source: rule.source };
  const services = bill?.lines
    .filter(({ serviceCode }) => serviceCode && SERVICES_OF[resource].includes(serviceCode))
    .map(({ service }) => service);
  const named = bill?.reference.find(
    ({ service, normIndividual }) => normIndividual && services?.some((one) => one.startsWith(service)),
  );
  return named?.normIndividual
    ? { each: named.normIndividual, count, source: 'норматив из последней квитанции' }
    : null;
}
