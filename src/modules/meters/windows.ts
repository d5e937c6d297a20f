import type { Db } from '../../platform/database/database.ts';
import type { HouseId, OrganisationId } from '../../platform/ids.ts';
import { addMonths, type Day, dayIn, type Month } from '../../platform/month.ts';
import { type DatedRule, loadRulesOf, type RulesInForce } from '../../platform/rules/rules.ts';
import { type Meter, RESOURCES } from './meter.ts';
import { parseWindow, type Taking, takingOn, type Window } from './window.ts';

/** The house as rules see it. */
export interface HousePlace {
  houseId: HouseId;
  regionCode: string;
  oktmo: string | null;
  zone: string;
}

export const METER_RULES = [
  'reading.window',
  'reading.jump_factor',
  'estimate.min_months',
  'estimate.least_months',
  'estimate.max_periods',
  'estimate.multiplier',
  'verification.warn_days',
  ...RESOURCES.map((resource) => `norm.${resource}` as const),
] as const;

/** All rules that readings of some houses and providers need, in one statement. */
export const loadMeterRules = (
  db: Db,
  houses: readonly Pick<HousePlace, 'houseId' | 'regionCode' | 'oktmo'>[],
  providers: readonly OrganisationId[],
): Promise<RulesInForce> =>
  loadRulesOf(
    db,
    METER_RULES,
    houses.flatMap(({ houseId, regionCode, oktmo }) => [
      { houseId, regionCode, oktmo },
      ...providers.map((organisationId) => ({ organisationId, houseId })),
    ]),
  );

export interface OwnTaking extends Taking {
  providerId: OrganisationId | null;
  window: Window;
  rule: DatedRule;
}

/**
 * The month that each provider of a device takes a reading of this day to; a device without accounts goes by the rule of its house.
 * The window itself is the one in force on the day.
 */
export function takingsOf(
  rules: RulesInForce,
  house: Pick<HousePlace, 'houseId' | 'regionCode' | 'oktmo'>,
  meter: Pick<Meter, 'accounts'>,
  today: Day,
): OwnTaking[] {
  return takingsFor(rules, house, [...new Set(meter.accounts.map(({ providerId }) => providerId))], today);
}

/** The same for some organisations; for none, by the rule of the house. */
export function takingsFor(
  rules: RulesInForce,
  { houseId, regionCode, oktmo }: Pick<HousePlace, 'houseId' | 'regionCode' | 'oktmo'>,
  providers: readonly OrganisationId[],
  today: Day,
): OwnTaking[] {
  return (providers.length > 0 ? providers : [null]).map((providerId) => {
    const rule = rules.get('reading.window', today, { houseId, regionCode, oktmo, organisationId: providerId });
    const window = parseWindow(rule.value);
    return { ...takingOn(window, today), providerId, window, rule };
  });
}

/** The month that the first, or the last, of some windows has closed. */
export function closedMonth(takings: readonly Pick<Taking, 'period'>[], which: 'first' | 'last'): Month {
  const periods = takings.map(({ period }) => period).sort();
  return addMonths(which === 'last' ? periods.at(-1)! : periods[0]!, -1);
}

/** The providers of some devices, each once. */
export const providersOf = (meters: readonly Pick<Meter, 'accounts'>[]): OrganisationId[] => [
  ...new Set(meters.flatMap(({ accounts }) => accounts.map(({ providerId }) => providerId))),
];

export const todayAt = ({ zone }: Pick<HousePlace, 'zone'>, at: Date): Day => dayIn(zone, at);
