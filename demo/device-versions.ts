import type { MeterId, VersionId } from '../src/platform/ids.ts';
import { addDays, type Day } from '../src/platform/month.ts';
import { at } from './calendar.ts';
import type { Writing } from './device-rows.ts';
import { ARCHIVE_REASON, BROKEN_REASON } from './device-stories.ts';
import type { Placed } from './flat-devices.ts';
import { add } from './rows.ts';

export const REMOTE_NOTE = 'Радиомодуль: показания приходят на сервер поставщика';

/** What the device became, change by change. @returns the last version */
export function addVersions(
  { rows, frame, keeper, ids }: Writing,
  placed: Placed,
  meterId: MeterId,
  now: Date,
): { versionId: VersionId; when: Date } {
  const { device } = placed;
  const addVersion = (change: string, onDay: Day, when: Date, card: object) => {
    const versionId = frame.makeId<VersionId>(when);
    add(rows, 'meter_version', [
      frame.houseId,
      versionId,
      meterId,
      change,
      onDay,
      keeper.organisationId,
      keeper.personId,
      when,
      JSON.stringify(card),
    ]);
    return { versionId, when };
  };
  const card = cardOf(placed);
  const first = addVersion('installed', device.installedOn, device.readings[0]!.enteredAt, card);
  if (device.replacedBy) {
    const when = at(device.archivedOn!, 13);
    const archived = { ...card, archivedOn: device.archivedOn, archiveReason: ARCHIVE_REASON, state: device.state };
    const next = { replacedBy: ids.get(device.replacedBy), nextSerial: device.replacedBy.serial };
    return addVersion('replaced', device.archivedOn!, when, { ...archived, ...next });
  }
  if (!device.brokenOn) return first;
  const when = new Date(Math.min(at(addDays(device.brokenOn, 1), 15).getTime(), now.getTime()));
  const broken = { state: device.state, brokenOn: device.brokenOn, brokenReason: BROKEN_REASON };
  return addVersion('broken', device.brokenOn, when, { ...card, ...broken });
}

/** The card of a version, as the product keeps it. */
function cardOf({ device, premisesId, roomId, accounts }: Placed): object {
  const { model } = device;
  return {
    kind: device.kind,
    serial: device.serial,
    brand: model.brand,
    model: model.model,
    premisesId,
    roomId,
    place: model.place,
    tariffs: model.tariffs,
    ratio: model.ratio,
    digits: model.digits,
    givesVolume: false,
    remote: device.remote,
    remoteNote: device.remote ? REMOTE_NOTE : null,
    temperatureSensor: false,
    temperatureNote: null,
    pressureSensor: false,
    pressureNote: null,
    installedOn: device.installedOn,
    usedFrom: device.installedOn,
    factorySealedOn: null,
    sealedOn: null,
    verifiedOn: device.verifiedOn,
    verificationInterval: model.interval,
    resources: [{ resource: model.resource, unit: model.unit }],
    accounts: accounts.filter(({ closed }) => !closed).map(({ accountId, providerId }) => ({ accountId, providerId })),
  };
}
