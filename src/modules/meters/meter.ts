import type {
  AccountId,
  FileId,
  HouseId,
  MeterId,
  OrganisationId,
  PersonId,
  PremisesId,
  ReadingId,
  RoomId,
  VersionId,
} from '../../platform/ids.ts';
import type { Day, Month } from '../../platform/month.ts';
import type { ConsumptionTable, MeterResourceTable, MeterTable, ReadingDeliveryTable, ReadingTable } from './tables.ts';

export type MeterKind = MeterTable['kind'];
export type MeterState = MeterTable['state'];
/** НСИ 2: what flows through a device. */
export type Resource = MeterResourceTable['resource'];
export type ReadingKind = ReadingTable['kind'];
export type ReadingSource = ReadingTable['source'];
export type DeliveryState = ReadingDeliveryTable['state'];
export type ConsumptionMethod = ConsumptionTable['method'];

/** НСИ 27. */
export const KIND_CODES: Readonly<Record<MeterKind, string>> = {
  individual: '1',
  house: '2',
  common_flat: '3',
  room: '4',
};
export const KIND_NAMES: Readonly<Record<MeterKind, string>> = {
  individual: 'Индивидуальный',
  house: 'Коллективный (общедомовой)',
  common_flat: 'Общий (квартирный)',
  room: 'Комнатный',
};

export const RESOURCES = ['1', '2', '3', '4', '5', '8'] as const satisfies readonly Resource[];
export const RESOURCE_NAMES: Readonly<Record<Resource, string>> = {
  1: 'Холодная вода',
  2: 'Горячая вода',
  3: 'Электроэнергия',
  4: 'Газ',
  5: 'Тепловая энергия',
  8: 'Сточные воды',
};
/** The communal services (НСИ 3) that a resource is charged as. */
export const SERVICES_OF: Readonly<Record<Resource, readonly string[]>> = {
  1: ['1'],
  2: ['2'],
  3: ['4'],
  4: ['5'],
  5: ['6'],
  8: ['3'],
};

/** ОКЕИ units of НСИ 333: the name that people read, and how many default units of the resource one of them is. */
export const UNITS: Readonly<Record<string, string>> = {
  112: 'л',
  113: 'м³',
  233: 'Гкал',
  245: 'кВт·ч',
  246: 'МВт·ч',
  271: 'Дж',
  A056: 'ГДж',
  A058: 'МДж',
};
export const DEFAULT_UNITS: Readonly<Record<Resource, string>> = {
  1: '113',
  2: '113',
  3: '245',
  4: '113',
  5: '233',
  8: '113',
};
/** Factors of НСИ 333; what is missing cannot be converted and is not allowed. */
export const UNIT_FACTORS: Readonly<Record<Resource, Readonly<Record<string, string>>>> = {
  1: { 113: '1', 112: '0.001' },
  2: { 113: '1', 112: '0.001' },
  3: { 245: '1' },
  4: { 113: '1' },
  5: { 233: '1', 245: '0.00086', 246: '0.86', 271: '0.0000000002388', A058: '0.0002388', A056: '0.2388' },
  8: { 113: '1', 112: '0.001' },
};

export const SOURCE_WORDS: Readonly<Record<ReadingSource, string>> = {
  resident: 'житель',
  organisation: 'организация',
  automatic: 'автоматически',
};
export const READING_KIND_WORDS: Readonly<Record<ReadingKind, string>> = {
  base: 'начальное показание',
  current: 'текущее',
  control: 'контрольное',
  verification_start: 'до поверки',
  verification_end: 'после поверки',
  final: 'последнее перед снятием',
};
/**
 * Values of one day in the order in which they count: the organisation's control value has the last word over what was sent; a
 * verification on the spot ends after it began.
 */
export const READING_ORDER: readonly ReadingKind[] = [
  'base',
  'current',
  'control',
  'verification_start',
  'verification_end',
  'final',
];
export const METHOD_WORDS: Readonly<Record<ConsumptionMethod, string>> = {
  reading: 'по показаниям',
  shared: 'по показаниям за несколько месяцев, поровну',
  average: 'по среднему',
  norm: 'по нормативу',
};
export const DELIVERY_WORDS: Readonly<Record<DeliveryState, string>> = {
  received: 'получено Домовым',
  fetched: 'забрано организацией',
  accepted: 'учтено',
  declined: 'отклонено',
  replaced: 'заменено новым',
};

/** From each state of a delivery, where it may go. A replaced one is past; a declined one comes back only by a new reading. */
export const DELIVERY_TRANSITIONS: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  received: ['fetched', 'accepted', 'declined', 'replaced'],
  fetched: ['accepted', 'declined', 'replaced'],
  accepted: ['declined', 'replaced'],
  declined: ['accepted', 'replaced'],
  replaced: [],
};

/** From each state of a device, where it may go. Restoring one from the archive takes a reason of НСИ 334. */
export const METER_TRANSITIONS: Readonly<Record<MeterState, readonly MeterState[]>> = {
  working: ['broken', 'archived'],
  broken: ['working', 'archived'],
  archived: ['working'],
};

export interface MeterResource {
  resource: Resource;
  /** ОКЕИ. */
  unit: string;
}

/** A device as it is now. Numbers are exact decimal text. */
export interface Meter {
  houseId: HouseId;
  meterId: MeterId;
  versionId: VersionId;
  number: string;
  kind: MeterKind;
  serial: string;
  brand: string;
  model: string;
  premisesId: PremisesId | null;
  roomId: RoomId | null;
  place: string;
  tariffs: number;
  ratio: string;
  digits: number | null;
  givesVolume: boolean;
  remote: boolean;
  remoteNote: string | null;
  temperatureSensor: boolean;
  temperatureNote: string | null;
  pressureSensor: boolean;
  pressureNote: string | null;
  installedOn: Day | null;
  usedFrom: Day | null;
  factorySealedOn: Day | null;
  sealedOn: Day | null;
  verifiedOn: Day | null;
  verificationInterval: number | null;
  /** The last day on which its readings count. */
  verifyBy: Day | null;
  state: MeterState;
  brokenOn: Day | null;
  brokenReason: string | null;
  archivedOn: Day | null;
  archiveReason: string | null;
  replacedBy: MeterId | null;
  sourceId: OrganisationId;
  updatedAt: Date;
  resources: MeterResource[];
  /** The accounts that it charges, by provider. */
  accounts: { accountId: AccountId; providerId: OrganisationId }[];
}

/** Values of a device at one moment by tariff, exact decimal text in the device's own unit. */
export interface Values {
  t1: string;
  t2: string | null;
  t3: string | null;
}

export interface Reading extends Values {
  houseId: HouseId;
  readingId: ReadingId;
  meterId: MeterId;
  resource: Resource;
  kind: ReadingKind;
  period: Month;
  takenOn: Day;
  rolledOver: boolean;
  source: ReadingSource;
  organisationId: OrganisationId | null;
  personId: PersonId | null;
  enteredAt: Date;
  confirmed: string[];
  photoId: FileId | null;
  state: ReadingTable['state'];
}

export interface Delivery {
  readingId: ReadingId;
  providerId: OrganisationId;
  period: Month;
  state: DeliveryState;
  reason: string | null;
  changedAt: Date;
}

/** A value as the state's schema allows it: up to 15 digits before and 7 after the point. */
export const READING_PATTERN = /^\d{1,15}(\.\d{1,7})?$/;

/** Reads a value as people type it: comma or point, spaces between thousands, zeros in front. Null when it is no value. */
export function parseReading(text: string): string | null {
  const compact = text.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.');
  const bare = compact.replace(/^0+(?=\d)/, '');
  if (!READING_PATTERN.test(bare)) return null;
  return bare.includes('.') ? bare.replace(/\.?0+$/, '') : bare;
}

/** The same date `interval` years later, the last day on which the verification is good. 29 February becomes 28. */
export function verifyByOf(verifiedOn: Day | null, interval: number | null): Day | null {
  if (!verifiedOn || !interval) return null;
  const year = Number(verifiedOn.slice(0, 4)) + interval;
  const rest = verifiedOn.slice(4);
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return `${year}${rest === '-02-29' && !isLeap ? '-02-28' : rest}` as Day;
}
