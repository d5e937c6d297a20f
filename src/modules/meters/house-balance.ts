import Big from 'big.js';
import type { Db } from '../../platform/database/database.ts';
import { addMonths, lastDay, type Month } from '../../platform/month.ts';
import { getRule, getWholeNumber } from '../../platform/rules/rules.ts';
import { counted, formatMonth, formatNumber } from '../../ui/index.ts';
import type { Resource } from './meter.ts';
import type { OwnHouse } from './own-meters.ts';
import { type BalanceMonth, countHomes, type HomeOfMonth, selectBalance, selectUnmeasured } from './queries/balance.ts';

/** Months that the balance shows. */
const MONTHS = 13;
/** Homes that are listed; a house with more of them has another trouble than its list. */
const MOST_HOMES = 200;

export interface Difference {
  /** House less homes, in the default unit. */
  volume: string;
  /** Of the house's volume, one decimal; null where the house used nothing. */
  percent: string | null;
}

/** What the house's device showed and no home's did: losses, common needs, and whatever the homes did not say. */
export function differenceOf({ house, homes }: Pick<BalanceMonth, 'house' | 'homes'>): Difference | null {
  if (house === null || homes === null) return null;
  const volume = new Big(house).minus(homes);
  const isNothing = new Big(house).lte(0);
  return {
    volume: volume.toFixed(),
    percent: isNothing ? null : volume.div(house).times(100).round(1, Big.roundHalfUp).toFixed(),
  };
}

export interface Diagnosis {
  tone: 'good' | 'warn' | 'danger' | 'info';
  title: string;
  /** What makes the difference, the likeliest first, each with what to do. */
  reasons: string[];
}

const HOMES = ['квартира', 'квартиры', 'квартир'] as const;

/** Why homes of a month are not measured. */
export function causesOf(homes: readonly Pick<HomeOfMonth, 'premisesId' | 'meterId' | 'method' | 'cause'>[]) {
  const count = (fits: (home: (typeof homes)[number]) => boolean) =>
    new Set(homes.filter(fits).map(({ premisesId }) => premisesId)).size;
  return {
    withoutDevice: count(({ meterId }) => meterId === null),
    /** The last month is not estimated yet: no value and no estimate. */
    silent: count(({ meterId, method, cause }) => meterId !== null && (method === null || cause === 'not_sent')),
    lapsed: count(({ cause }) => cause === 'verification'),
    failed: count(({ cause }) => cause === 'failed'),
    noAccess: count(({ cause }) => cause === 'no_access'),
  };
}

/**
 * Says in words why the house's device and the homes differ.
 * @param usualPercent losses up to which nothing needs to be looked for
 */
export function diagnose(input: {
  month: Pick<BalanceMonth, 'period' | 'house' | 'homes'>;
  houseDevices: number;
  /** Homes with a device: what one of them uses tells what those without one may. */
  withDevice: number;
  causes: ReturnType<typeof causesOf>;
  usualPercent: string;
}): Diagnosis {
  const { month, houseDevices, withDevice, causes, usualPercent } = input;
  const reasons = reasonsOf(causes);
  const difference = differenceOf(month);
  const inMonth = formatMonth(month.period, 'prepositional');
  if (month.homes === null) return { tone: 'info', title: 'Сумма квартир видна управляющей организации', reasons };
  if (houseDevices === 0)
    return { tone: 'info', title: 'Общедомового прибора нет: сравнить сумму квартир не с чем', reasons };
  if (!difference)
    return {
      tone: 'warn',
      title: `Показания общедомового прибора в ${inMonth} нет`,
      reasons: ['Снимите показание общедомового прибора: без него баланс не сойдётся.', ...reasons],
    };
  if (new Big(difference.volume).lt(0))
    return {
      tone: 'danger',
      title: `Квартиры показали больше, чем дом: на ${formatNumber(new Big(difference.volume).abs().toFixed())}`,
      reasons: [
        'Проверьте показание общедомового прибора и его коэффициент трансформации.',
        'Показания квартир могли быть сняты позже, чем показание дома: тогда разница вернётся в следующем месяце.',
        ...reasons,
      ],
    };
  const { percent } = difference;
  if (percent === null) return { tone: 'good', title: 'Дом за месяц ничего не израсходовал', reasons };
  const said = `${formatNumber(percent)} %`;
  if (new Big(percent).lte(usualPercent))
    return { tone: 'good', title: `Разница ${said}: это обычные общедомовые нужды и потери`, reasons: [] };
  return {
    tone: new Big(percent).gt(new Big(usualPercent).times(3)) ? 'danger' : 'warn',
    title: `Разница ${said}: больше обычных ${formatNumber(usualPercent)} %`,
    reasons: [...reasons, ...unexplained(month, difference, { withDevice, causes, usualPercent })],
  };
}

/** What homes without a device may have used at the most, if they live as the others do, does not cover the difference. */
function unexplained(
  { house, homes }: Pick<BalanceMonth, 'house' | 'homes'>,
  { volume }: Difference,
  {
    withDevice,
    causes,
    usualPercent,
  }: { withDevice: number; causes: ReturnType<typeof causesOf>; usualPercent: string },
): string[] {
  const theirs = withDevice === 0 ? new Big(0) : new Big(homes ?? 0).div(withDevice).times(causes.withoutDevice);
  if (causes.silent + causes.lapsed + causes.failed + causes.noAccess > 0 || withDevice === 0) return [];
  if (new Big(volume).minus(theirs).lte(new Big(house ?? 0).times(usualPercent).div(100))) return [];
  const look = 'Ищите утечку, подключение мимо прибора или ошибку общедомового прибора.';
  return causes.withoutDevice === 0
    ? [`Все квартиры измерены. ${look}`]
    : [`Даже если квартиры без прибора тратят столько же, сколько другие, остаётся большая разница. ${look}`];
}

/** What the homes that are not measured mean for the sum. */
function reasonsOf({ withoutDevice, silent, lapsed, failed, noAccess }: ReturnType<typeof causesOf>): string[] {
  const say = (count: number, words: string) => (count > 0 ? [`${counted(count, HOMES)}: ${words}`] : []);
  return [
    ...say(silent, 'показаний нет, объём взят по среднему или по нормативу. Напомните им или снимите показания сами.'),
    ...say(withoutDevice, 'прибора нет, в сумму квартир не входит.'),
    ...say(lapsed, 'поверка закончилась, показания не считаются.'),
    ...say(failed, 'прибор неисправен, показания не считаются.'),
    ...say(noAccess, 'не пустили для проверки, показания не считаются.'),
  ];
}

export interface HouseBalance {
  resource: Resource;
  /** The last months of the resource, in order. */
  months: BalanceMonth[];
  /** The month that is explained. */
  month: BalanceMonth;
  homes: number;
  withDevice: number;
  diagnosis: Diagnosis;
  unmeasured: HomeOfMonth[];
}

/**
 * The balance of one resource of a house with the explanation of one month; null where nothing was ever counted. The manager sees every
 * home; another organisation a sum only where the homes in it that are not its own are too many to tell one from (`statistics.min_homes`).
 */
export async function readBalance(
  db: Db,
  { house, organisationId, manages }: Pick<OwnHouse, 'house' | 'organisationId' | 'manages'>,
  wanted: { resource: Resource | null; period: Month | null; now: Month },
): Promise<{ resources: Resource[]; balance: HouseBalance | null }> {
  const [found, minHomes] = await Promise.all([
    selectBalance(db, house.houseId, organisationId, addMonths(wanted.now, -MONTHS)),
    getWholeNumber(db, 'statistics.min_homes', lastDay(wanted.now), house),
  ]);
  const all = found.map(
    ({ others, ...month }): BalanceMonth => ({
      ...month,
      homes: manages || others === 0 || others >= minHomes ? month.homes : null,
    }),
  );
  const resources = [...new Set(all.map(({ resource }) => resource))];
  const resource = resources.find((one) => one === wanted.resource) ?? resources[0];
  if (!resource) return { resources, balance: null };
  const months = all.filter((one) => one.resource === resource);
  const month =
    months.find(({ period }) => period === wanted.period) ??
    months.filter(({ house: own }) => own).at(-1) ??
    months.at(-1)!;
  const [counts, unmeasured, rule] = await Promise.all([
    countHomes(db, house.houseId, resource),
    selectUnmeasured(db, house.houseId, resource, month.period, MOST_HOMES),
    getRule(db, 'balance.usual_percent', lastDay(month.period), house),
  ]);
  const diagnosis = diagnose({
    month,
    houseDevices: counts.houseDevices,
    withDevice: counts.withDevice,
    causes: causesOf(unmeasured),
    usualPercent: rule.value,
  });
  return {
    resources,
    balance: { resource, months, month, homes: counts.homes, withDevice: counts.withDevice, diagnosis, unmeasured },
  };
}
