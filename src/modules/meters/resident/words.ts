import type { OrganisationId } from '../../../platform/ids.ts';
import { addMonths, type Day, type Month } from '../../../platform/month.ts';
import {
  counted,
  formatDate,
  formatDayMonth,
  formatMonth,
  formatNumber,
  formatQuantity,
  formatRubles,
  monthWord,
  plural,
} from '../../../ui/index.ts';
import type { Forecast } from '../forecast.ts';
import {
  DEFAULT_UNITS,
  type Meter,
  READING_KIND_WORDS,
  RESOURCE_NAMES,
  type Reading,
  type Resource,
  UNITS,
  type Values,
} from '../meter.ts';
import type { OwnResource } from '../present-meter.ts';
import { priceOf, type Tariff } from '../price.ts';
import type { OwnMeters } from '../read-own-meters.ts';
import type { Volume } from '../volume.ts';
import { daysLeft, formatTaking, isOpen } from '../window.ts';
import type { OwnTaking } from '../windows.ts';
import { dialKey, dialOf } from './reading-fields.ts';

type Providers = OwnMeters['providers'];

export const unitOf = (unit: string): string => UNITS[unit] ?? '';
export const defaultUnitOf = (resource: Resource): string => unitOf(DEFAULT_UNITS[resource]);

/** «Холодная вода, прибор № 12-345». */
export const dialName = ({ serial }: Pick<Meter, 'serial'>, resource: Resource): string =>
  `${RESOURCE_NAMES[resource]}, прибор №\u00a0${serial}`;

/** Names of all dials of a person, by `dialKey`. */
export const dialNames = ({ homes }: Pick<OwnMeters, 'homes'>): ReadonlyMap<string, string> =>
  new Map(
    homes.flatMap(({ meters }) =>
      meters.flatMap((own) =>
        own.resources.map((one) => [dialKey(dialOf(own, one)), dialName(own.meter, one.resource)] as const),
      ),
    ),
  );

/** «123,4 м³», or by tariffs: «Т1 1 234, Т2 567 кВт·ч». */
export function valuesText({ t1, t2, t3 }: Values, unit: string): string {
  if (t2 === null) return formatQuantity(t1, unitOf(unit));
  const each = [t1, t2, t3].flatMap((value, index) =>
    value === null ? [] : [`Т${index + 1}\u00a0${formatNumber(value)}`],
  );
  return `${each.join(', ')} ${unitOf(unit)}`;
}

/** Who brought a value: «передал житель», «по данным ООО «…»», «передал сам прибор». */
export function sourceText(
  { source, kind, organisationId }: Pick<Reading, 'source' | 'kind' | 'organisationId'>,
  providers: Providers,
): string {
  const who =
    source === 'resident'
      ? 'передал житель'
      : source === 'automatic'
        ? 'передал сам прибор'
        : `по данным ${nameOf(organisationId, providers)}`;
  return kind === 'current' ? who : `${READING_KIND_WORDS[kind]}, ${who}`;
}

export const nameOf = (organisationId: OrganisationId | null, providers: Providers): string =>
  (organisationId && providers.get(organisationId)?.name) || 'организации';

/** «4,2 м³, примерно 182,30 ₽ по тарифу за октябрь 2026». */
export function usedText(used: Volume, resource: Resource, tariff: Tariff | null): string {
  const volume = formatQuantity(used.total, defaultUnitOf(resource));
  const price = tariff && priceOf(tariff, used);
  return price === null
    ? volume
    : `${volume}, примерно ${formatRubles(price)} по тарифу за ${formatMonth(tariff!.period)}`;
}

const METHOD = { average: 'по среднему', norm: 'по нормативу' } as const;

/** «по среднему — около 4,2 м³, примерно 182,30 ₽»: an estimate has three digits that mean something. */
export function forecastText({ method, volume, price }: Forecast, resource: Resource): string {
  const about = formatQuantity(Number(Number(volume).toPrecision(3)), defaultUnitOf(resource));
  return `${METHOD[method]} — около ${about}${price === null ? '' : `, примерно ${formatRubles(price)}`}`;
}

/** What a provider's window is today, and what happens to those who are late. */
export function windowText(taking: OwnTaking, today: Day): string {
  const month = monthWord(taking.period);
  if (!isOpen(taking, today))
    return `сейчас не принимает. Следующий приём ${formatTaking(taking)}; показание, переданное сегодня, учтут за ${month}`;
  const left = daysLeft(taking, today);
  const days = left === 1 ? 'сегодня последний день' : `осталось ${counted(left, ['день', 'дня', 'дней'])}`;
  return `принимает по ${formatDayMonth(taking.to)}, ${days}. Позже показание пойдёт в ${monthWord(addMonths(taking.period, 1))}`;
}

/** By when the value is needed: the earliest end of the open windows; null when none is open. */
export const deadlineOf = (takings: readonly OwnTaking[], today: Day): Day | null =>
  takings
    .filter((taking) => isOpen(taking, today))
    .map(({ to }) => to)
    .sort()[0] ?? null;

export interface Verification {
  tone: 'good' | 'warn' | 'danger' | 'neutral';
  words: string;
  /** The warning is due: what the lapse will cost is told. */
  warns: boolean;
}

/** «до 15 января 2027 г.», with a warning when it is near or past. */
export function verificationOf(
  verifyBy: Day | null,
  today: Day,
  daysTo: number,
  warnDays: readonly number[],
): Verification {
  if (!verifyBy) return { tone: 'neutral', words: 'срок не указан', warns: false };
  if (verifyBy < today) return { tone: 'danger', words: `закончилась ${formatDate(verifyBy)}`, warns: true };
  if (daysTo > Math.max(...warnDays)) return { tone: 'good', words: `до ${formatDate(verifyBy)}`, warns: false };
  const left = daysTo === 0 ? 'последний день' : `осталось ${counted(daysTo, ['день', 'дня', 'дней'])}`;
  return { tone: 'warn', words: `до ${formatDate(verifyBy)}, ${left}`, warns: true };
}

/** The verification has ended: what it shows does not count, and nobody is asked for it. */
export const isLapsed = ({ verifyBy }: Pick<Meter, 'verifyBy'>, today: Day): boolean =>
  verifyBy !== null && verifyBy < today;

/** Devices without a value for the month that an open window takes. */
export const isWanted = (
  { current }: Pick<OwnResource, 'current'>,
  takings: readonly OwnTaking[],
  today: Day,
): boolean => current === null && deadlineOf(takings, today) !== null;

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** «ООО «…»: 2 показания переданы, будут учтены в квитанции за ноябрь 2026», for each provider and month. */
export function savedLines(
  deliveries: readonly { providerId: OrganisationId; period: Month }[],
  providers: Providers,
): string[] {
  const groups = Map.groupBy(deliveries, ({ providerId, period }) => `${providerId} ${period}`);
  return [...groups.values()].map((own) => {
    const { providerId, period } = own[0]!;
    const count = counted(own.length, ['показание передано', 'показания переданы', 'показаний передано']);
    const counts = plural(own.length, ['будет учтено', 'будут учтены', 'будет учтено']);
    return `${nameOf(providerId, providers)}: ${count}, ${counts} в квитанции за ${formatMonth(period)}`;
  });
}
