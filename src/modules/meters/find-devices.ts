import type { Db } from '../../platform/database/database.ts';
import type { HouseId, MeterId, OrganisationId } from '../../platform/ids.ts';
import { findOwnHouses } from '../organisations/index.ts';
import type { Resource } from './meter.ts';
import { isSeenBy } from './own-meters.ts';
import { bareSerial, selectMetersByNumbers, selectMetersBySerials } from './queries/find-meters.ts';
import { selectSeen } from './queries/seen-meters.ts';

/** How a system names a device: by the number that Domovoy issued, or by its house and serial number. */
export type DeviceName = string | { houseId: HouseId; serial: string };

export interface Device {
  houseId: HouseId;
  meterId: MeterId;
  number: string;
}

const NOT_FOUND = 'Такого прибора у вашей организации нет';
const SEVERAL = 'Приборов с этим заводским номером в доме несколько: назовите прибор номером, который дал Домовой';

/**
 * Devices that an organisation sees, by what a system calls them; many in a few statements.
 * @param resource tells two devices of one serial number apart
 * @returns the device or why there is none, in the order of `names`
 */
export async function findDevices(
  db: Db,
  organisationId: OrganisationId,
  names: readonly { name: DeviceName; resource: Resource | null }[],
): Promise<(Device | string)[]> {
  const numbers = names.flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
  const serials = names.flatMap(({ name }) => (typeof name === 'string' ? [] : [name]));
  const byNumber = await selectMetersByNumbers(db, [...new Set(numbers)]);
  const houses = [...byNumber.values(), ...serials].map(({ houseId }) => houseId);
  const own = await findOwnHouses(db, organisationId, [...new Set(houses)]);
  const seen = await selectSeen(
    db,
    organisationId,
    [...byNumber.values()].filter(({ houseId }) => own.has(houseId)),
  );
  const bySerial = new Map<string, (Device & { resources: readonly Resource[] })[]>();
  for (const [houseId, named] of Map.groupBy(serials, ({ houseId }) => houseId)) {
    if (!own.has(houseId)) continue;
    const meters = await selectMetersBySerials(db, houseId, [...new Set(named.map(({ serial }) => serial))]);
    for (const meter of meters.filter((one) => isSeenBy(one, organisationId))) {
      const key = serialKey(houseId, meter.serial);
      const { meterId, number } = meter;
      const device = { houseId, meterId, number, resources: meter.resources.map(({ resource }) => resource) };
      bySerial.set(key, [...(bySerial.get(key) ?? []), device]);
    }
  }
  return names.map(({ name, resource }) => {
    if (typeof name === 'string') {
      const found = byNumber.get(name);
      return found && seen.has(found.meterId) ? { ...found, number: name } : NOT_FOUND;
    }
    const found = (bySerial.get(serialKey(name.houseId, name.serial)) ?? []).filter(
      (device) => !resource || device.resources.includes(resource),
    );
    return found.length > 1 ? SEVERAL : (found[0] ?? NOT_FOUND);
  });
}

const serialKey = (houseId: HouseId, serial: string): string => `${houseId} ${bareSerial(serial)}`;
