import type { MeterId, OrganisationId, PersonId, ReadingId } from '../src/platform/ids.ts';
import { firstDay } from '../src/platform/month.ts';
import type { HouseFrame } from './account.ts';
import { decimal } from './amounts.ts';
import { at, dayOf } from './calendar.ts';
import type { Device, Shown } from './device.ts';
import { ARCHIVE_REASON, BROKEN_REASON } from './device-stories.ts';
import { addVersions, REMOTE_NOTE } from './device-versions.ts';
import type { Metering, Placed } from './flat-devices.ts';
import { add, type Rows } from './rows.ts';

/** Who registered a device and enters the readings that people phone in. */
export interface Keeper {
  organisationId: OrganisationId;
  personId: PersonId;
}

export interface Writing {
  rows: Rows;
  frame: HouseFrame;
  metering: Metering;
  keeper: Keeper;
  ids: ReadonlyMap<Device, MeterId>;
  tally: Tally;
}

/** Readings of the open month, and those that no provider has decided about. */
export interface Tally {
  sent: number;
  waiting: number;
}

const HOUR = 3_600_000;

/** Rows of all devices of a house. @param serial of the house: numbers of its devices begin with it */
export function addDevices(
  rows: Rows,
  frame: HouseFrame,
  metering: Metering,
  { serial, keeperOf, now }: { serial: number; keeperOf: (placed: Placed) => Keeper; now: Date },
): Tally {
  const tally: Tally = { sent: 0, waiting: 0 };
  const ids = new Map(metering.placed.map(({ device }) => [device, frame.makeId<MeterId>(now)]));
  metering.placed.forEach((placed, index) => {
    const writing: Writing = { rows, frame, metering, keeper: keeperOf(placed), ids, tally };
    const number = `77${String(serial * 1000 + index).padStart(10, '0')}`;
    addMeter(writing, placed, number, now);
    addReadings(writing, placed, now);
  });
  return tally;
}

function addMeter(writing: Writing, placed: Placed, number: string, now: Date): void {
  const { rows, frame, ids } = writing;
  const { device, premisesId, roomId } = placed;
  const { houseId } = frame;
  const { model, replacedBy } = device;
  const meterId = ids.get(device)!;
  const { versionId, when } = addVersions(writing, placed, meterId, now);
  add(rows, 'meter', [
    houseId,
    meterId,
    versionId,
    number,
    device.kind,
    device.serial,
    model.brand,
    model.model,
    premisesId,
    roomId,
    model.place,
    model.tariffs,
    model.ratio,
    model.digits,
    device.remote,
    device.remote ? REMOTE_NOTE : null,
    device.installedOn,
    device.installedOn,
    device.verifiedOn,
    model.interval,
    device.verifyBy,
    device.state,
    device.brokenOn,
    device.brokenOn && BROKEN_REASON,
    device.archivedOn,
    device.archivedOn && ARCHIVE_REASON,
    replacedBy && ids.get(replacedBy)!,
    writing.keeper.organisationId,
    when,
  ]);
  add(rows, 'meter_resource', [houseId, meterId, model.resource, model.unit]);
  for (const { accountId, providerId, closed } of placed.accounts)
    if (!closed) add(rows, 'meter_account', [houseId, meterId, accountId, providerId]);
  add(rows, 'meter_number', [number, houseId, meterId]);
}

function addReadings(writing: Writing, placed: Placed, now: Date): void {
  const { rows, frame, ids, keeper } = writing;
  const { device, premisesId, accounts, resident } = placed;
  const { houseId } = frame;
  const { resource } = device.model;
  const meterId = ids.get(device)!;
  const readingIds = device.readings.map((shown) => {
    const readingId = frame.makeId<ReadingId>(shown.enteredAt);
    const author = {
      resident: [null, resident],
      organisation: [keeper.organisationId, keeper.personId],
      automatic: [accounts[0]?.providerId ?? keeper.organisationId, null],
    }[shown.source];
    add(rows, 'reading', [
      houseId,
      readingId,
      meterId,
      resource,
      shown.kind,
      firstDay(shown.period),
      shown.takenOn,
      decimal(shown.values[0]!),
      shown.values[1] === undefined ? null : decimal(shown.values[1]),
      shown.source,
      author[0]!,
      author[1]!,
      shown.enteredAt,
      shown.declined ? 'declined' : 'active',
    ]);
    if (shown.kind === 'current' || shown.kind === 'control') addDeliveries(writing, placed, shown, readingId);
    return readingId;
  });
  for (const one of device.used)
    add(rows, 'consumption', [
      houseId,
      meterId,
      resource,
      firstDay(one.period),
      premisesId,
      one.volume,
      one.t1,
      one.t2,
      one.method,
      one.estimate,
      JSON.stringify(one.basis),
      one.reading === null ? null : readingIds[one.reading]!,
      now,
    ]);
}

/** What each provider did with a value: months that are billed it has taken, the open one it has in part fetched. */
function addDeliveries(
  { rows, frame, metering, keeper, ids, tally }: Writing,
  { device, accounts }: Placed,
  { period, source, enteredAt, declined }: Shown,
  readingId: ReadingId,
): void {
  const isOpen = period === metering.span.open;
  const told = new Set<OrganisationId>();
  for (const { accountId, providerId, closed } of accounts) {
    // A closed account was charged as long as it was open; its provider is told once, whatever accounts it has there.
    if (told.has(providerId) || (isOpen && closed)) continue;
    told.add(providerId);
    const own = keeper.organisationId === providerId;
    const [state, changedAt, by] = declined
      ? (['declined', later(enteredAt), own ? keeper.personId : null] as const)
      : source === 'organisation' && own
        ? (['accepted', enteredAt, keeper.personId] as const)
        : !isOpen
          ? (['accepted', at(dayOf(period, 27), 11), null] as const)
          : Number(device.serial.at(-1)) < 4
            ? (['fetched', later(enteredAt), null] as const)
            : (['received', enteredAt, null] as const);
    if (isOpen && !declined) tally.sent += 1;
    if (state === 'received' || state === 'fetched') tally.waiting += 1;
    add(rows, 'reading_delivery', [
      frame.houseId,
      readingId,
      providerId,
      accountId,
      ids.get(device)!,
      firstDay(period),
      state,
      declined,
      changedAt,
      by,
    ]);
  }
}

const later = (moment: Date): Date => new Date(moment.getTime() + HOUR);
