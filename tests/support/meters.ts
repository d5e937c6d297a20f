import type { Resource } from '../../src/modules/meters/index.ts';
import type { MeterTable } from '../../src/modules/meters/tables.ts';
import type { Context } from '../../src/platform/context.ts';
import {
  type AccountId,
  type HouseId,
  type MeterId,
  newId,
  type OrganisationId,
  type PersonId,
  type PremisesId,
  type ReadingId,
  type VersionId,
} from '../../src/platform/ids.ts';

let counter = 0;

export interface MeterGiven {
  houseId: HouseId;
  accounts: readonly { accountId: AccountId; providerId: OrganisationId }[];
  /** Null for a house device. */
  premisesId: PremisesId | null;
  resource?: Resource;
  unit?: string;
  serial?: string;
  tariffs?: number;
  digits?: number | null;
  ratio?: string;
  givesVolume?: boolean;
  kind?: MeterTable['kind'];
  verifyBy?: string | null;
  sourceId?: OrganisationId;
  /** The first value and its day; null: none. */
  base?: { on: string; t1: string; t2?: string; t3?: string } | null;
}

/** A device with its first version, resource, accounts, number and base value, as an organisation registers it. */
export async function buildMeter(context: Context, given: MeterGiven): Promise<MeterId> {
  counter += 1;
  const number = String(700_000_000_000 + counter);
  const meterId = newId<MeterId>();
  const { houseId } = given;
  const sourceId = given.sourceId ?? given.accounts[0]!.providerId;
  const resource = given.resource ?? '1';
  const versionId = newId<VersionId>();
  const verifyBy = given.verifyBy ?? null;
  const verifiedOn = verifyBy && `${Number(verifyBy.slice(0, 4)) - 6}${verifyBy.slice(4)}`;
  const interval = verifyBy === null ? null : 6;
  const usedFrom = given.base?.on ?? '2024-01-10';
  await context.db
    .insertInto('meter')
    .values({
      house_id: houseId,
      meter_id: meterId,
      version_id: versionId,
      number,
      kind: given.kind ?? (given.premisesId ? 'individual' : 'house'),
      serial: given.serial ?? `СВ-${counter}`,
      premises_id: given.premisesId,
      room_id: null,
      tariffs: given.tariffs ?? 1,
      ratio: given.ratio ?? '1',
      digits: given.digits === undefined ? 5 : given.digits,
      gives_volume: given.givesVolume ?? false,
      used_from: usedFrom,
      verified_on: verifiedOn,
      verification_interval: interval,
      verify_by: verifyBy,
      state: 'working',
      source_id: sourceId,
      updated_at: context.clock(),
    })
    .execute();
  await context.db
    .insertInto('meter_version')
    .values({
      house_id: houseId,
      version_id: versionId,
      meter_id: meterId,
      change: 'installed',
      on_day: usedFrom,
      organisation_id: sourceId,
      person_id: newId<PersonId>(),
      at: context.clock(),
      card: JSON.stringify({ verifiedOn, verificationInterval: interval }),
    })
    .execute();
  await context.db.insertInto('meter_number').values({ number, house_id: houseId, meter_id: meterId }).execute();
  await context.db
    .insertInto('meter_resource')
    .values({ house_id: houseId, meter_id: meterId, resource, unit: given.unit ?? (resource === '3' ? '245' : '113') })
    .execute();
  for (const { accountId, providerId } of given.accounts)
    await context.db
      .insertInto('meter_account')
      .values({ house_id: houseId, meter_id: meterId, account_id: accountId, provider_id: providerId })
      .execute();
  if (given.base)
    await context.db
      .insertInto('reading')
      .values({
        house_id: houseId,
        reading_id: newId<ReadingId>(),
        meter_id: meterId,
        resource,
        kind: 'base',
        period: `${given.base.on.slice(0, 7)}-01`,
        taken_on: given.base.on,
        t1: given.base.t1,
        t2: given.base.t2 ?? null,
        t3: given.base.t3 ?? null,
        source: 'organisation',
        organisation_id: sourceId,
        person_id: null,
        entered_at: new Date(`${given.base.on}T09:00:00Z`),
        photo_id: null,
        upload_id: null,
        state: 'active',
        replaced_by: null,
      })
      .execute();
  return meterId;
}
