import Big from 'big.js';
import { type MeterId, newId, type ReadingId, type VersionId } from '../../platform/ids.ts';
import { monthOf } from '../../platform/month.ts';
import type { MeterCard, MeterWrite } from './check-meter.ts';
import { type Meter, type Reading, verifyByOf } from './meter.ts';
import type { MeterWriter } from './write-meters.ts';

/** Rows of the tables that a write of devices makes. */

/** A write with the device as it stands, and what it is to become. */
export interface MeterPlan {
  index: number;
  write: MeterWrite;
  meterId: MeterId;
  known: Meter | null;
  /** Readings that the device has of each resource. */
  kinds: ReadonlyMap<string, ReadonlySet<Reading['kind']>>;
  isCardChanged: boolean;
  added: Meter['accounts'];
  removed: Meter['accounts'];
}

export const cardOf = (meter: MeterCard): MeterCard => ({
  kind: meter.kind,
  serial: meter.serial,
  brand: meter.brand,
  model: meter.model,
  premisesId: meter.premisesId,
  roomId: meter.roomId,
  place: meter.place,
  tariffs: meter.tariffs,
  ratio: new Big(meter.ratio).toFixed(),
  digits: meter.digits,
  givesVolume: meter.givesVolume,
  remote: meter.remote,
  remoteNote: meter.remoteNote,
  temperatureSensor: meter.temperatureSensor,
  temperatureNote: meter.temperatureNote,
  pressureSensor: meter.pressureSensor,
  pressureNote: meter.pressureNote,
  installedOn: meter.installedOn,
  usedFrom: meter.usedFrom,
  factorySealedOn: meter.factorySealedOn,
  sealedOn: meter.sealedOn,
  verifiedOn: meter.verifiedOn,
  verificationInterval: meter.verificationInterval,
});

export const resourcesOf = (resources: readonly { resource: string; unit: string }[]) =>
  resources.map(({ resource, unit }) => ({ resource, unit })).sort((a, b) => (a.resource < b.resource ? -1 : 1));

export const meterRow = (
  writer: MeterWriter,
  { meterId, known, write, isCardChanged }: MeterPlan,
  versionId: VersionId,
  number?: string,
) => ({
  house_id: writer.houseId,
  meter_id: meterId,
  version_id: versionId,
  number: known?.number ?? number!,
  kind: write.kind,
  serial: write.serial,
  brand: write.brand,
  model: write.model,
  premises_id: write.premisesId,
  room_id: write.roomId,
  place: write.place,
  tariffs: write.tariffs,
  ratio: write.ratio,
  digits: write.digits,
  gives_volume: write.givesVolume,
  remote: write.remote,
  remote_note: write.remoteNote,
  temperature_sensor: write.temperatureSensor,
  temperature_note: write.temperatureNote,
  pressure_sensor: write.pressureSensor,
  pressure_note: write.pressureNote,
  installed_on: write.installedOn,
  used_from: write.usedFrom,
  factory_sealed_on: write.factorySealedOn,
  sealed_on: write.sealedOn,
  verified_on: write.verifiedOn,
  verification_interval: write.verificationInterval,
  verify_by: verifyByOf(write.verifiedOn, write.verificationInterval),
  state: known?.state ?? 'working',
  broken_on: known?.brokenOn ?? null,
  broken_reason: known?.brokenReason ?? null,
  archived_on: null,
  archive_reason: null,
  replaced_by: null,
  // Who only ties its accounts to a device has not described it.
  source_id: isCardChanged ? writer.organisationId : known!.sourceId,
  updated_at: writer.at,
});

export function versionRow(
  writer: MeterWriter,
  { meterId, known, write, added, removed }: MeterPlan,
  versionId: VersionId,
) {
  const gone = new Set(removed.map(({ accountId }) => accountId));
  const accounts = [...(known?.accounts ?? []).filter(({ accountId }) => !gone.has(accountId)), ...added];
  return {
    house_id: writer.houseId,
    version_id: versionId,
    meter_id: meterId,
    change: write.change,
    on_day: write.onDay,
    organisation_id: writer.organisationId,
    person_id: writer.personId,
    at: writer.at,
    card: { ...cardOf(write), resources: resourcesOf(write.resources), accounts },
  };
}

/** The value that a device begins with, when it was put in use or when we were told of it. A device with readings has begun already. */
export function baseReadings(writer: MeterWriter, { meterId, write, kinds }: MeterPlan) {
  const day = write.baseOn ?? write.usedFrom ?? write.installedOn ?? write.onDay;
  return write.resources.flatMap(({ resource, base }) =>
    !base || kinds.has(resource)
      ? []
      : [
          {
            ...base,
            houseId: writer.houseId,
            readingId: newId<ReadingId>(),
            meterId,
            resource,
            kind: 'base' as const,
            period: monthOf(day),
            takenOn: day,
            rolledOver: false,
            source: 'organisation' as const,
            organisationId: writer.organisationId,
            personId: writer.personId,
            enteredAt: writer.at,
            confirmed: [],
            photoId: null,
            state: 'active' as const,
            uploadId: writer.uploadId ?? null,
          },
        ],
  );
}
