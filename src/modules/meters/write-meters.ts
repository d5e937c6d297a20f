import type { Transaction } from '../../platform/database/database.ts';
import type { FieldError } from '../../platform/errors.ts';
import {
  type HouseId,
  type MeterId,
  newId,
  type OrganisationId,
  type PersonId,
  type UploadId,
  type VersionId,
} from '../../platform/ids.ts';
import { dayIn } from '../../platform/month.ts';
import { checkMeter, type MeterCard, type MeterWrite } from './check-meter.ts';
import { issueMeterNumbers } from './issue-meter-numbers.ts';
import type { Meter } from './meter.ts';
import { baseReadings, cardOf, type MeterPlan, meterRow, resourcesOf, versionRow } from './meter-rows.ts';
import { lockMeters } from './queries/meters.ts';
import { insertReadings } from './queries/readings.ts';
import {
  deleteMeterAccounts,
  deleteMeterResources,
  insertMeterAccounts,
  insertMeters,
  insertVersions,
  lockCards,
  selectKindsOfReadings,
  selectTakenSerials,
  updateMeters,
  upsertMeterResources,
} from './queries/write-meters.ts';
import { addSummary } from './summarise-house.ts';

export interface MeterWriter {
  houseId: HouseId;
  regionCode: string;
  organisationId: OrganisationId;
  personId: PersonId;
  at: Date;
  /** The file that says so: first values bear it, so that they can be taken back. */
  uploadId?: UploadId;
}

/** What became of a write. Of a device that is wrong nothing was written. */
export type WrittenMeter =
  | { state: 'written'; change: 'new' | 'changed' | 'same'; meterId: MeterId; number: string }
  | { state: 'wrong'; errors: FieldError[] };

/** The zone where a day begins first: a date that has not come even there is in the future in every house of the country. */
const FIRST_ZONE = 'Asia/Kamchatka';

/**
 * Writes devices of one house, new ones and changed ones, in a constant number of statements: cards with a version for each change,
 * resources, accounts, base readings, and a number for each new device. What is wrong with a write is answered in its place, the others
 * are written all the same. Writing what stands already changes nothing.
 * @returns one answer for each write, in their order
 */
export async function writeMeters(
  trx: Transaction,
  writer: MeterWriter,
  writes: readonly MeterWrite[],
): Promise<WrittenMeter[]> {
  if (writes.length === 0) return [];
  const { houseId, at } = writer;
  // Before any device, as every change of a card does: in another order two changes would wait for each other for ever. Of two that register one device at the same time the second sees what the first has written.
  await lockCards(trx, houseId);
  const ids = writes.flatMap(({ meterId }) => meterId ?? []);
  const known = new Map((await lockMeters(trx, houseId, ids)).map((meter) => [meter.meterId, meter]));
  const kinds = await selectKindsOfReadings(trx, houseId, ids);
  const plans = writes.map((write, index) => planOf(writer, write, index, known, kinds));
  const errors = plans.map((plan) => wrongWith(plan, dayIn(FIRST_ZONE, at)));
  for (const [index, taken] of await twinsOf(trx, houseId, plans, errors)) errors[index]!.push(taken);
  const good = plans.filter(({ index }) => errors[index]!.length === 0);
  const numbers = await apply(trx, writer, good);
  if (good.length > 0) await addSummary(trx, houseId, at);
  return plans.map((plan) => {
    const { index, meterId, known: before } = plan;
    if (errors[index]!.length > 0) return { state: 'wrong', errors: errors[index]! };
    const change = !before ? 'new' : isChanged(plan) ? 'changed' : 'same';
    return { state: 'written', change, meterId, number: before?.number ?? numbers.get(meterId)! };
  });
}

function planOf(
  { organisationId }: MeterWriter,
  write: MeterWrite,
  index: number,
  meters: ReadonlyMap<MeterId, Meter>,
  kinds: ReadonlyMap<MeterId, MeterPlan['kinds']>,
): MeterPlan {
  const known = write.meterId ? (meters.get(write.meterId) ?? null) : null;
  return {
    index,
    write,
    meterId: write.meterId ?? newId<MeterId>(),
    known,
    kinds: (known && kinds.get(known.meterId)) ?? new Map(),
    ...compareMeter(known, write, organisationId),
  };
}

/** What a write of this organisation would change: the card with its resources, and the accounts that the device charges. */
export function compareMeter(
  known: Meter | null,
  write: MeterWrite,
  organisationId: OrganisationId,
): Pick<MeterPlan, 'isCardChanged' | 'added' | 'removed'> {
  const has = (list: Meter['accounts'], accountId: string) => list.some((one) => one.accountId === accountId);
  const before = known?.accounts ?? [];
  return {
    isCardChanged: !known || cardKey(known) !== cardKey(write),
    added: write.accounts.filter(({ accountId }) => !has(before, accountId)),
    removed: before.filter((one) => one.providerId === organisationId && !has(write.accounts, one.accountId)),
  };
}

/** Whether a change of the card changes how volumes are counted. */
export const isCountedAnew = (
  known: Pick<Meter, 'ratio' | 'digits' | 'verifiedOn' | 'verificationInterval'>,
  write: Pick<Meter, 'ratio' | 'digits' | 'verifiedOn' | 'verificationInterval'>,
): boolean =>
  Number(known.ratio) !== Number(write.ratio) ||
  known.digits !== write.digits ||
  known.verifiedOn !== write.verifiedOn ||
  known.verificationInterval !== write.verificationInterval;

const isChanged = ({ isCardChanged, added, removed }: MeterPlan): boolean =>
  isCardChanged || added.length > 0 || removed.length > 0;

const cardKey = (meter: MeterCard & { resources: readonly { resource: string; unit: string }[] }): string => {
  // A ratio that is no number is told of by the check; two of them are never the same.
  const isNumber = /^\d+(\.\d+)?$/.test(meter.ratio);
  return JSON.stringify([isNumber ? cardOf(meter) : null, resourcesOf(meter.resources)]);
};

function wrongWith({ write, known, kinds }: MeterPlan, today: ReturnType<typeof dayIn>): FieldError[] {
  const errors = checkMeter(write, today);
  if (write.meterId && !known) return [{ field: 'meter', message: 'Такого прибора в доме нет.' }];
  if (!known) return errors;
  if (known.state === 'archived')
    return [{ field: 'meter', message: 'Прибор в архиве: его карточка больше не меняется.' }];
  if ((known.kind === 'house') !== (write.kind === 'house'))
    errors.push({ field: 'kind', message: 'Общедомовой прибор и прибор помещения друг в друга не превращаются.' });
  const counted = [...kinds.values()].some((of) => [...of].some((kind) => kind !== 'base'));
  const anew = 'По прибору уже есть показания. Снимите его в архив как ошибочный и заведите заново.';
  if (counted && (write.tariffs !== known.tariffs || write.givesVolume !== known.givesVolume))
    errors.push({ field: write.tariffs !== known.tariffs ? 'tariffs' : 'givesVolume', message: anew });
  for (const { resource, unit } of known.resources) {
    const place = write.resources.findIndex((one) => one.resource === resource);
    if (place < 0 && kinds.has(resource)) errors.push({ field: 'resources', message: anew });
    else if (place >= 0 && write.resources[place]!.unit !== unit && counted)
      errors.push({ field: `resources.${place}.unit`, message: anew });
  }
  return errors;
}

/** Devices whose serial number, kind and brand another one of the house has: in the database, or earlier in this list. */
async function twinsOf(
  trx: Transaction,
  houseId: HouseId,
  plans: readonly MeterPlan[],
  errors: readonly FieldError[][],
): Promise<Map<number, FieldError>> {
  const open = plans.filter(({ index }) => errors[index]!.length === 0);
  const taken = await selectTakenSerials(
    trx,
    houseId,
    open.map(({ meterId, write }) => ({ meterId, serial: write.serial, kind: write.kind, brand: write.brand })),
  );
  const seen = new Set<string>();
  const twins = new Map<number, FieldError>();
  for (const { index, meterId, write } of open) {
    const key = JSON.stringify([write.serial, write.kind, write.brand]);
    if (seen.has(meterId)) twins.set(index, { field: 'meter', message: 'Этот прибор уже есть выше.' });
    else if (taken.has(meterId) || seen.has(key))
      twins.set(index, { field: 'serial', message: 'Прибор с этим номером, видом и маркой в доме уже есть.' });
    seen.add(key).add(meterId);
  }
  return twins;
}

async function apply(
  trx: Transaction,
  writer: MeterWriter,
  plans: readonly MeterPlan[],
): Promise<Map<MeterId, string>> {
  const { houseId } = writer;
  const fresh = plans.filter(({ known }) => !known);
  const changed = plans.filter((plan) => plan.known && isChanged(plan));
  const numbers = await issueMeterNumbers(
    trx,
    writer,
    fresh.map(({ meterId }) => meterId),
  );
  const versions = new Map(plans.map(({ meterId }) => [meterId, newId<VersionId>()]));
  const rowOf = (plan: MeterPlan) => meterRow(writer, plan, versions.get(plan.meterId)!, numbers.get(plan.meterId)!);
  await insertMeters(trx, fresh.map(rowOf));
  await updateMeters(trx, houseId, changed.map(rowOf));
  const written = [...fresh, ...changed];
  await deleteMeterResources(
    trx,
    houseId,
    changed.flatMap(({ meterId, known, write }) =>
      known!.resources
        .filter(({ resource }) => !write.resources.some((one) => one.resource === resource))
        .map(({ resource }) => ({ meterId, resource })),
    ),
  );
  await upsertMeterResources(
    trx,
    houseId,
    written.flatMap(({ meterId, write }) => resourcesOf(write.resources).map((one) => ({ meterId, ...one }))),
  );
  const named = (of: 'added' | 'removed') =>
    plans.flatMap((plan) => plan[of].map((account) => ({ meterId: plan.meterId, ...account })));
  await deleteMeterAccounts(trx, houseId, named('removed'));
  await insertMeterAccounts(trx, houseId, named('added'));
  await insertVersions(
    trx,
    written.map((plan) => versionRow(writer, plan, versions.get(plan.meterId)!)),
  );
  await insertReadings(
    trx,
    plans.flatMap((plan) => baseReadings(writer, plan)),
  );
  return numbers;
}
