import type { Db } from '../../../platform/database/database.ts';
import type { AccountId, HouseId, MeterId, OrganisationId } from '../../../platform/ids.ts';
import { type Day, dayIn } from '../../../platform/month.ts';
import { getRule } from '../../../platform/rules/rules.ts';
import { type HouseCard, readHouse } from '../../houses/index.ts';
import {
  bareSerial,
  findMetersByNumbers,
  findMetersBySerials,
  type Meter,
  RESOURCE_NAMES,
  type Resource,
  readMeters,
  readMetersOfAccounts,
} from '../../meters/index.ts';
import { findHouseLine } from '../../organisations/index.ts';
import type { ReadingRow } from '../layouts/readings.ts';
import type { Note } from '../work.ts';
import type { PayerFinder, PayerLook, PayerRow } from './bill-payers.ts';
import { inCell } from './meter-fields.ts';
import { issuedNumber } from './meter-look.ts';

export const payerOfReading = ({ sheet, row, values }: ReadingRow): PayerRow => ({
  sheet,
  row,
  values: { account: values.account, serviceId: values.serviceId, uid: null },
});
export const namesAccount = ({ values }: ReadingRow): boolean => values.account !== null || values.serviceId !== null;

/** The devices of a house that rows of readings may mean: those that the organisation may give values of. */
export interface ReadingLook {
  house: HouseCard;
  today: Day;
  payers: PayerLook;
  byNumber: ReadonlyMap<string, Meter>;
  bySerial: ReadonlyMap<string, readonly Meter[]>;
  byAccount: ReadonlyMap<AccountId, readonly Meter[]>;
  /** The organisation wants unusual values refused until each is explained. */
  strict: boolean;
}

export async function lookAtReadings(
  db: Db,
  organisationId: OrganisationId,
  payers: PayerFinder,
  houseId: HouseId,
  rows: readonly ReadingRow[],
  at: Date,
): Promise<ReadingLook | null> {
  const house = await readHouse(db, houseId);
  if (!house) return null;
  const today = dayIn(house.zone, at);
  const line = await findHouseLine(db, organisationId, houseId);
  const mayEnter = (meter: Meter): boolean =>
    meter.kind === 'house'
      ? line !== undefined
      : meter.accounts.some(({ providerId }) => providerId === organisationId);
  const named = rows.filter(namesAccount);
  const look = await payers.look(db, named.map(payerOfReading), houseId);
  const own = named.flatMap((row) => look.payerOf(payerOfReading(row), [])?.accountId ?? []);
  const wanted = rows.flatMap(({ values }) => issuedNumber(values.number) ?? []);
  const numbers = await findMetersByNumbers(db, [...new Set(wanted)]);
  const ids = [...numbers.values()].flatMap((one) => (one.houseId === houseId ? [one.meterId] : []));
  const serials = rows.flatMap(({ values }) => (issuedNumber(values.number) ? [] : (values.serial ?? [])));
  const bare = named.filter(({ values }) => values.serial === null && issuedNumber(values.number) === null);
  const found: Meter[][] = [
    await readMeters(db, houseId, ids),
    await findMetersBySerials(db, houseId, [...new Set(serials)]),
    bare.length > 0 ? await readMetersOfAccounts(db, houseId, [...new Set(own)]) : [],
  ];
  const meters = [...new Map<MeterId, Meter>(found.flat().map((meter) => [meter.meterId, meter])).values()].filter(
    mayEnter,
  );
  const rule = await getRule(db, 'reading.unusual_in_files', today, { organisationId });
  return {
    house,
    today,
    payers: look,
    byNumber: new Map(meters.map((meter) => [meter.number, meter])),
    bySerial: Map.groupBy(meters, ({ serial }) => bareSerial(serial)),
    byAccount: groupByAccount(meters),
    strict: rule.value === 'refuse',
  };
}

function groupByAccount(meters: readonly Meter[]): Map<AccountId, Meter[]> {
  const groups = new Map<AccountId, Meter[]>();
  for (const meter of meters)
    for (const { accountId } of meter.accounts) groups.set(accountId, [...(groups.get(accountId) ?? []), meter]);
  return groups;
}

const UNKNOWN = 'прибор не найден среди приборов вашей организации: проверьте номер или сначала загрузите приборы';

/** The device and the resource that a row means; null with a note when that cannot be told. */
export function deviceOf(
  row: ReadingRow,
  look: ReadingLook,
  notes: Note[],
): { meter: Meter; resource: Resource } | null {
  const said: Note[] = [];
  const meter = meterOf(row, look, said);
  notes.push(...said);
  if (!meter) return null;
  const given = row.values.resource;
  const resource = given ?? (meter.resources.length === 1 ? meter.resources[0]!.resource : null);
  if (resource && meter.resources.some((one) => one.resource === resource)) return { meter, resource };
  const has = meter.resources.map((one) => `«${RESOURCE_NAMES[one.resource]}»`).join(', ');
  notes.push(inCell(row, 'resource', `укажите ресурс этого прибора: ${has}`));
  return null;
}

function meterOf(row: ReadingRow, look: ReadingLook, notes: Note[]): Meter | null {
  const { number, serial, resource, brand } = row.values;
  const says = (key: string, message: string) => {
    notes.push(inCell(row, key, message));
    return null;
  };
  const issued = issuedNumber(number);
  if (issued) return look.byNumber.get(issued) ?? says('number', UNKNOWN);
  const accountId = namesAccount(row) ? look.payers.payerOf(payerOfReading(row), notes)?.accountId : null;
  if (accountId === undefined) return null;
  if (serial === null && accountId === null)
    return number === null
      ? says('number', 'укажите номер ПУ в Домовом, заводской номер или лицевой счёт')
      : says('number', 'это не номер Домового: в нём 12 цифр; укажите его или заводской номер прибора');
  const named =
    serial === null ? (look.byAccount.get(accountId!) ?? []) : (look.bySerial.get(bareSerial(serial)) ?? []);
  const fitting = named.filter(
    (meter) =>
      (accountId === null || meter.kind === 'house' || meter.accounts.some((one) => one.accountId === accountId)) &&
      (resource === null || meter.resources.some((one) => one.resource === resource)),
  );
  const branded = brand === null ? [] : fitting.filter((meter) => meter.brand === brand);
  const left = branded.length > 0 ? branded : fitting;
  const key = serial === null ? (row.values.account === null ? 'serviceId' : 'account') : 'serial';
  if (left.length === 0) return says(key, UNKNOWN);
  if (left.length === 1) return left[0]!;
  return says(key, 'под это подходят несколько приборов: укажите номер ПУ в Домовом');
}
