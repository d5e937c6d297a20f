import { addDays, type Day } from '../../../platform/month.ts';
import {
  DEFAULT_UNITS,
  KIND_NAMES,
  type Meter,
  type MeterCard,
  type MeterKind,
  type MeterWrite,
  RESOURCE_NAMES,
  UNITS,
  type Values,
} from '../../meters/index.ts';
import { changesBetween } from '../compare.ts';
import type { MeterRow, MoreResourceRow } from '../layouts/meters.ts';
import type { Change } from '../work.ts';
import type { MeterPlace } from './meter-place.ts';

/** A device put in use earlier than this has shown its «base» value not then, but when the file was made. */
const NEW_FOR_DAYS = 62;
const DEFAULT_REMOTE_NOTE = 'Передаёт показания сам';

interface Described {
  row: MeterRow;
  more: readonly MoreResourceRow[];
  kind: MeterKind;
  known: Meter | null;
  place: MeterPlace;
  accounts: Meter['accounts'];
  /** Columns that the file has: what it does not have stays as it is. */
  has: (key: keyof MeterRow['values']) => boolean;
  /** It has the sheet of further resources. */
  hasMore: boolean;
  today: Day;
}

const years = (from: Day, to: Day): number | null =>
  from.slice(4) === to.slice(4) ? Number(to.slice(0, 4)) - Number(from.slice(0, 4)) : null;

/** The device as a file describes it: a blank cell empties, a column that is not there changes nothing. */
export function describeMeter(described: Described): MeterWrite {
  const { row, kind, known, place, accounts, has, today } = described;
  const { values } = row;
  const or = <T>(key: keyof MeterRow['values'], given: T, kept: T | undefined, fresh: T): T =>
    has(key) ? given : known ? kept! : fresh;
  const verifiedOn = or('verifiedOn', values.verifiedOn, known?.verifiedOn, null);
  const remote = or('remote', values.remote ?? false, known?.remote, false);
  const usedFrom = or('usedFrom', values.usedFrom, known?.usedFrom, null);
  const installedOn = or('installedOn', values.installedOn, known?.installedOn, null);
  return {
    meterId: known?.meterId ?? null,
    kind,
    serial: known && sameSerial(known.serial, values.serial!) ? known.serial : values.serial!,
    brand: or('brand', values.brand ?? '', known?.brand, ''),
    model: or('model', values.model ?? '', known?.model, ''),
    ...place,
    place: or('place', values.place ?? '', known?.place, ''),
    tariffs: or('tariffs', Number(values.tariffs ?? 1), known?.tariffs, values.base3 ? 3 : values.base2 ? 2 : 1),
    ratio: or('ratio', values.ratio ?? '1', known?.ratio, '1'),
    digits: or('digits', values.digits, known?.digits, null),
    givesVolume: or('givesVolume', values.givesVolume ?? false, known?.givesVolume, false),
    remote,
    remoteNote:
      or('remoteNote', values.remoteNote, known?.remoteNote ?? null, null) ??
      (remote && !has('remoteNote') ? DEFAULT_REMOTE_NOTE : null),
    temperatureSensor: or('temperature', values.temperature ?? false, known?.temperatureSensor, false),
    temperatureNote: or('temperatureNote', values.temperatureNote, known?.temperatureNote, null),
    pressureSensor: or('pressure', values.pressure ?? false, known?.pressureSensor, false),
    pressureNote: or('pressureNote', values.pressureNote, known?.pressureNote, null),
    installedOn,
    usedFrom,
    factorySealedOn: or('factorySealedOn', values.factorySealedOn, known?.factorySealedOn, null),
    sealedOn: or('sealedOn', values.sealedOn, known?.sealedOn, null),
    verifiedOn,
    verificationInterval:
      or('interval', values.interval, known?.verificationInterval, null) ??
      (!has('interval') && verifiedOn && values.verifyNext ? years(verifiedOn, values.verifyNext) : null),
    resources: resourcesOf(described),
    baseOn: values.baseOn ?? baseDay(usedFrom ?? installedOn, today),
    accounts,
    change: known ? 'corrected' : 'installed',
    onDay: today,
  };
}

/** Null: the day of putting in use. */
const baseDay = (used: Day | null, today: Day): Day | null =>
  used !== null && used < addDays(today, -NEW_FOR_DAYS) ? today : null;

const sameSerial = (a: string, b: string): boolean => a.replace(/^0+/, '') === b.trim().replace(/^0+/, '');

const valuesOf = (t1: string | null, t2: string | null = null, t3: string | null = null): Values | null =>
  t1 === null ? null : { t1, t2, t3 };

function resourcesOf({ row, more, known, has, hasMore }: Described): MeterWrite['resources'] {
  const { values } = row;
  const unitOf = (resource: NonNullable<typeof values.resource>, given: string | null) =>
    given ?? known?.resources.find((one) => one.resource === resource)?.unit ?? DEFAULT_UNITS[resource];
  const own =
    values.resource === null || !has('resource')
      ? (known?.resources.slice(0, 1) ?? []).map((one) => ({ ...one, base: null }))
      : [
          {
            resource: values.resource,
            unit: unitOf(values.resource, values.unit),
            base: valuesOf(values.base1, values.base2, values.base3),
          },
        ];
  const others = hasMore
    ? more.map(({ values: one }) => ({
        resource: one.resource!,
        unit: unitOf(one.resource!, one.unit),
        base: valuesOf(one.base),
      }))
    : (known?.resources ?? [])
        .filter(({ resource }) => resource !== own[0]?.resource)
        .map((one) => ({ ...one, base: null }));
  // A file without that sheet says of one resource: another one in its row means the device has been described wrongly.
  return hasMore || (known?.resources.length ?? 0) > 1 ? [...own, ...others] : own;
}

const NAMES = {
  kind: 'Вид прибора',
  serial: 'Заводской номер',
  brand: 'Марка',
  model: 'Модель',
  place: 'Место установки',
  tariffs: 'Тарифов',
  ratio: 'Коэффициент трансформации',
  digits: 'Цифр до запятой',
  givesVolume: 'Сам считает объём',
  remote: 'Дистанционное снятие показаний',
  remoteNote: 'Система дистанционного снятия',
  temperatureSensor: 'Датчики температуры',
  temperatureNote: 'О датчиках температуры',
  pressureSensor: 'Датчики давления',
  pressureNote: 'О датчиках давления',
  installedOn: 'Дата установки',
  usedFrom: 'Дата ввода в эксплуатацию',
  factorySealedOn: 'Опломбирован заводом',
  sealedOn: 'Опломбирован организацией',
  verifiedOn: 'Дата последней поверки',
  verificationInterval: 'Межповерочный интервал',
} as const satisfies Partial<Record<keyof MeterCard, string>>;

/** What a file changes in a card, in words. */
export function changesOfMeter(known: Meter, write: MeterWrite): Change[] {
  const card = changesBetween<MeterCard>(known, write, NAMES, (key, value) =>
    key === 'kind' ? KIND_NAMES[value as MeterKind] : value,
  );
  const named = (resources: MeterWrite['resources'] | Meter['resources']) =>
    resources
      .map(({ resource, unit }) => `${RESOURCE_NAMES[resource]}, ${UNITS[unit] ?? unit}`)
      .sort()
      .join('; ');
  const [before, after] = [named(known.resources), named(write.resources)];
  const moved = known.premisesId !== write.premisesId || known.roomId !== write.roomId;
  return [
    ...card,
    ...(before === after ? [] : [{ what: 'Ресурсы', before, after }]),
    ...(moved ? [{ what: 'Помещение', before: 'прежнее', after: 'другое' }] : []),
  ];
}
