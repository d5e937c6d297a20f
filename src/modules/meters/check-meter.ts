import Big from 'big.js';
import type { FieldError } from '../../platform/errors.ts';
import type { Day } from '../../platform/month.ts';
import { type Meter, READING_PATTERN, RESOURCE_NAMES, type Resource, UNIT_FACTORS, type Values } from './meter.ts';
import type { MeterChange } from './tables.ts';

/** What an organisation says of a device. */
export type MeterCard = Omit<
  Meter,
  | 'houseId'
  | 'meterId'
  | 'versionId'
  | 'number'
  | 'verifyBy'
  | 'state'
  | 'brokenOn'
  | 'brokenReason'
  | 'archivedOn'
  | 'archiveReason'
  | 'replacedBy'
  | 'sourceId'
  | 'updatedAt'
  | 'resources'
  | 'accounts'
>;

/** A device as it shall be: what is null becomes empty. */
export interface MeterWrite extends MeterCard {
  /** Null for a new device. */
  meterId: Meter['meterId'] | null;
  /** All that it measures. The first value of each is kept as the base reading, where the device has no readings of it yet. */
  resources: readonly { resource: Resource; unit: string; base: Values | null }[];
  /** The day of those first values; without it the day when the device was put in use. */
  baseOn?: Day | null;
  /** The accounts that it charges. Those of the writing organisation that are missing here are let go; other providers' stay. */
  accounts: Meter['accounts'];
  change: MeterChange;
  /** The day that the change counts from. */
  onDay: Day;
}

const ELECTRICITY: Resource = '3';
const MOST_RESOURCES = 3;
const EARLIEST = '1950-01-01';

/** НСИ 16: 1 to 20 and 30 years. */
export const isInterval = (years: number): boolean =>
  Number.isInteger(years) && ((years >= 1 && years <= 20) || years === 30);

/**
 * Everything that is wrong with the card of a device, by field, as the state's schema and templates want it. The fields of a resource
 * are `resources.<number>.unit` and `resources.<number>.base`, counted from 0.
 * @param today no date of the card may lie after it
 */
export function checkMeter(write: MeterWrite, today: Day): FieldError[] {
  return [...identity(write), ...place(write), ...features(write), ...measured(write), ...dates(write, today)];
}

function* identity({ serial, brand, model, digits, place: where }: MeterWrite): Generator<FieldError> {
  if (serial.trim() === '') yield { field: 'serial', message: 'Укажите заводской номер прибора.' };
  if (serial.length > 50) yield { field: 'serial', message: 'Сократите заводской номер до 50 знаков.' };
  if (brand.length > 100) yield { field: 'brand', message: 'Сократите марку до 100 знаков.' };
  if (model.length > 100) yield { field: 'model', message: 'Сократите модель до 100 знаков.' };
  if (where.length > 100) yield { field: 'place', message: 'Сократите место установки до 100 знаков.' };
  if (digits !== null && !(Number.isInteger(digits) && digits >= 1 && digits <= 15))
    yield { field: 'digits', message: 'Укажите, сколько цифр на приборе до запятой: от 1 до 15.' };
}

function* place({ kind, premisesId, roomId, accounts }: MeterWrite): Generator<FieldError> {
  if (kind === 'house') {
    if (premisesId || roomId)
      yield { field: 'premisesId', message: 'Общедомовой прибор стоит в доме, не в помещении.' };
    if (accounts.length > 0)
      yield { field: 'accounts', message: 'У общедомового прибора нет лицевых счетов: его объём делится на весь дом.' };
    return;
  }
  if (!premisesId) yield { field: 'premisesId', message: 'Укажите помещение, где стоит прибор.' };
  if (kind === 'room' && !roomId) yield { field: 'roomId', message: 'Укажите комнату, где стоит комнатный прибор.' };
  if (kind !== 'room' && roomId) yield { field: 'roomId', message: 'Комната бывает только у комнатного прибора.' };
}

function* features(write: MeterWrite): Generator<FieldError> {
  if (write.remote && !write.remoteNote?.trim())
    yield { field: 'remoteNote', message: 'Укажите систему, которая снимает показания на расстоянии.' };
  if (write.temperatureSensor && !write.temperatureNote?.trim())
    yield { field: 'temperatureNote', message: 'Укажите, где стоят датчики температуры.' };
  if (write.pressureSensor && !write.pressureNote?.trim())
    yield { field: 'pressureNote', message: 'Укажите, где стоят датчики давления.' };
  for (const field of ['remoteNote', 'temperatureNote', 'pressureNote'] as const)
    if ((write[field]?.length ?? 0) > 2000) yield { field, message: 'Сократите до 2000 знаков.' };
}

function* measured(write: MeterWrite): Generator<FieldError> {
  const { resources, tariffs, ratio } = write;
  const isElectric = resources.some(({ resource }) => resource === ELECTRICITY);
  if (resources.length === 0) yield { field: 'resources', message: 'Укажите, что измеряет прибор.' };
  if (resources.length > MOST_RESOURCES)
    yield { field: 'resources', message: 'Прибор измеряет не больше трёх ресурсов.' };
  if (new Set(resources.map(({ resource }) => resource)).size < resources.length)
    yield { field: 'resources', message: 'Укажите каждый ресурс один раз.' };
  if (isElectric && resources.length > 1)
    yield { field: 'resources', message: 'Электросчётчик измеряет только электроэнергию.' };
  if (!(Number.isInteger(tariffs) && tariffs >= 1 && tariffs <= 3))
    yield { field: 'tariffs', message: 'Укажите число тарифов: от 1 до 3.' };
  else if (tariffs > 1 && !isElectric)
    yield { field: 'tariffs', message: 'Несколько тарифов бывает только у электросчётчика.' };
  if (!/^\d{1,8}(\.\d{1,4})?$/.test(ratio) || new Big(ratio).lte(0))
    yield { field: 'ratio', message: 'Укажите коэффициент трансформации больше нуля, до 4 знаков после запятой.' };
  else if (!new Big(ratio).eq(1) && !isElectric)
    yield { field: 'ratio', message: 'Коэффициент трансформации бывает только у электросчётчика.' };
  for (const [index, one] of resources.entries()) {
    const units = UNIT_FACTORS[one.resource];
    if (!units) yield { field: 'resources', message: 'Укажите ресурс из списка.' };
    else if (!(one.unit in units))
      yield {
        field: `resources.${index}.unit`,
        message: `Выберите другую единицу: «${RESOURCE_NAMES[one.resource]}» в этой не измеряют.`,
      };
    if (one.base) yield* base(`resources.${index}.base`, one.base, write);
  }
}

function* base(field: string, values: Values, { tariffs, givesVolume }: MeterWrite): Generator<FieldError> {
  const given = [values.t1, values.t2, values.t3];
  if (givesVolume) yield { field, message: 'У прибора, который сам считает объём, нет начального показания.' };
  else if (given.some((value) => value !== null && !READING_PATTERN.test(value)))
    yield { field, message: 'Укажите показание числом: до 15 цифр, после запятой до 7.' };
  else if (given.some((value, tariff) => (value !== null) !== tariff < tariffs))
    yield { field, message: `Начальных показаний нужно столько, сколько тарифов у прибора: ${tariffs}.` };
}

function* dates(write: MeterWrite, today: Day): Generator<FieldError> {
  const { factorySealedOn, installedOn, usedFrom, verifiedOn, verificationInterval, sealedOn, baseOn, kind } = write;
  const given = { factorySealedOn, installedOn, usedFrom, sealedOn, verifiedOn, baseOn };
  for (const [field, value] of Object.entries(given)) {
    if (value && value > today) yield { field, message: 'Эта дата ещё не наступила.' };
    if (value && value < EARLIEST) yield { field, message: 'Проверьте год: дата слишком давняя.' };
  }
  if (!usedFrom && kind !== 'house') yield { field: 'usedFrom', message: 'Укажите дату ввода в эксплуатацию.' };
  const first = installedOn ?? usedFrom;
  if (factorySealedOn && first && factorySealedOn > first)
    yield { field: 'factorySealedOn', message: 'Завод опломбировал прибор не позже, чем его установили.' };
  if (installedOn && usedFrom && installedOn > usedFrom)
    yield { field: 'usedFrom', message: 'Прибор вводят в эксплуатацию не раньше установки.' };
  if (verifiedOn && factorySealedOn && verifiedOn < factorySealedOn)
    yield { field: 'verifiedOn', message: 'Прибор поверяют не раньше, чем его выпустил завод.' };
  if (verificationInterval !== null && !isInterval(verificationInterval))
    yield { field: 'verificationInterval', message: 'Укажите межповерочный интервал: от 1 до 20 лет или 30 лет.' };
}
