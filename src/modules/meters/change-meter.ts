import { type Actor, authorise } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { type Transaction, transaction } from '../../platform/database/database.ts';
import { Conflict, type FieldError, Forbidden, Invalid, NotFound } from '../../platform/errors.ts';
import { type HouseId, type MeterId, newId, type VersionId } from '../../platform/ids.ts';
import { type Day, monthOf } from '../../platform/month.ts';
import { findItem } from '../classifiers/index.ts';
import { access } from './access.ts';
import type { MeterCard, MeterWrite } from './check-meter.ts';
import { METER_TRANSITIONS, type Meter } from './meter.ts';
import { houseOfActor, isKeptBy, isSeenBy, KEPT_BY_OTHERS, type OwnHouse, sourcesPresent } from './own-meters.ts';
import { moveMeter } from './queries/changes.ts';
import { lockMeters } from './queries/meters.ts';
import { insertVersions, lockCards } from './queries/write-meters.ts';
import { recountMonths } from './recount-months.ts';
import { addSummary } from './summarise-house.ts';
import type { MeterChange } from './tables.ts';
import { todayAt } from './windows.ts';
import { writeMeters } from './write-meters.ts';

export interface MeterKey {
  houseId: HouseId;
  meterId: MeterId;
}

/** State classifiers: why a device was archived, failed, came back. */
export const NSI = { archive: 21, failure: 224, restore: 334 } as const;

/** A change of one device under way: the device is held until the transaction ends. */
export interface Changing extends OwnHouse {
  trx: Transaction;
  meter: Meter;
  today: Day;
  at: Date;
}

/**
 * The frame of every change: the right, the house, the device held, the summary and the audit event in one transaction. Cards are
 * locked before devices, in the order in which uploads do it.
 * @throws NotFound for a device that the organisation does not see, Forbidden for one that another organisation keeps
 */
export async function changing<Result>(
  context: Context,
  actor: Actor,
  { houseId, meterId }: MeterKey,
  action: MeterChange | 'control',
  work: (change: Changing) => Promise<Result>,
): Promise<Result> {
  authorise(actor, access.changeMeter);
  const own = await houseOfActor(context.db, actor, houseId);
  const at = context.clock();
  return transaction(context.db, async (trx) => {
    await lockCards(trx, houseId);
    const [meter] = await lockMeters(trx, houseId, [meterId]);
    if (!meter || !isSeenBy(meter, own.organisationId)) throw new NotFound();
    if (!isKeptBy(meter, own, await sourcesPresent(trx, houseId, [meter]))) throw new Forbidden(KEPT_BY_OTHERS);
    const result = await work({ ...own, trx, meter, today: todayAt(own.house, at), at });
    await addSummary(trx, houseId, at);
    await audit(trx, {
      actor: own.personId,
      action: `meters.${action}`,
      at,
      organisationId: own.organisationId,
      houseId,
      details: { meterId },
    });
    return result;
  });
}

const STATE_SENTENCES: Readonly<Record<Meter['state'], string>> = {
  working: 'Прибор и так работает.',
  broken: 'Прибор неисправен. Сначала отметьте ремонт или замените его.',
  archived: 'Прибор снят с учёта, с ним больше ничего нельзя сделать. Откройте действующий прибор.',
};

/** @throws Conflict in words, when the device is in another state */
export function mustBe(meter: Pick<Meter, 'state'>, ...states: readonly Meter['state'][]): void {
  if (!states.includes(meter.state)) throw new Conflict(STATE_SENTENCES[meter.state], 'meter_state');
}

/** The day of a change: come already, and not before the device was put in use. */
export function dayErrors(
  onDay: Day,
  { meter, today }: Pick<Changing, 'meter' | 'today'>,
  field = 'onDay',
): FieldError[] {
  if (onDay > today) return [{ field, message: 'Эта дата ещё не наступила' }];
  const first = meter.usedFrom ?? meter.installedOn;
  return first && onDay < first ? [{ field, message: 'В этот день прибор ещё не работал' }] : [];
}

/** @throws Invalid with all of them, when there are any */
export function refuse(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw new Invalid(errors);
}

/** A reason of a state classifier that is in force. */
export async function reasonErrors(
  { trx }: Pick<Changing, 'trx'>,
  registry: number,
  code: string,
  field = 'reason',
): Promise<FieldError[]> {
  const item = await findItem(trx, registry, code);
  return item?.actual ? [] : [{ field, message: 'Выберите причину из списка' }];
}

/** Moves the device and writes the version; what the change says besides the card goes into `details`. */
export async function move(
  { trx, meter, organisationId, personId, at }: Changing,
  changes: Partial<Meter> & Pick<Meter, 'state'>,
  version: { change: MeterChange; onDay: Day; details?: Record<string, unknown> },
): Promise<Meter> {
  if (!METER_TRANSITIONS[meter.state].includes(changes.state)) mustBe(meter);
  const moved: Meter = { ...meter, ...changes, versionId: newId<VersionId>(), updatedAt: at };
  if (!(await moveMeter(trx, meter.state, moved))) throw new Conflict('Прибор только что изменил кто-то другой.');
  await insertVersions(trx, [
    {
      house_id: meter.houseId,
      version_id: moved.versionId,
      meter_id: meter.meterId,
      change: version.change,
      on_day: version.onDay,
      organisation_id: organisationId,
      person_id: personId,
      at,
      card: { ...moved, ...version.details },
    },
  ]);
  return moved;
}

/** The card as it stands, for a write that changes a part of it. */
export function writeOf(meter: Meter, changes: Partial<MeterCard>, change: MeterChange, onDay: Day): MeterWrite {
  return {
    ...meter,
    ...changes,
    meterId: meter.meterId,
    resources: meter.resources.map((resource) => ({ ...resource, base: null })),
    accounts: meter.accounts,
    change,
    onDay,
  };
}

/** Writes the card. @throws Invalid with what is wrong in it */
export async function writeCard(
  { trx, house, organisationId, personId, at }: Changing,
  write: MeterWrite,
): Promise<MeterKey> {
  const writer = { houseId: house.houseId, regionCode: house.regionCode, organisationId, personId, at };
  const [written] = await writeMeters(trx, writer, [write]);
  if (written?.state !== 'written') throw new Invalid(written?.errors ?? []);
  return { houseId: house.houseId, meterId: written.meterId };
}

/** A mistake in the card is mended; how volumes are counted may change with it, from the day of the correction's month on. */
export const correctMeter = (
  context: Context,
  actor: Actor,
  key: MeterKey,
  changes: Partial<MeterCard>,
): Promise<void> =>
  changing(context, actor, key, 'corrected', async (change) => {
    const { meter, trx, house, today, at } = change;
    mustBe(meter, 'working', 'broken');
    await writeCard(change, writeOf(meter, changes, 'corrected', today));
    const [corrected] = await lockMeters(trx, house.houseId, [meter.meterId]);
    await recountMonths(trx, house, corrected!, monthOf(today), at);
  });

/** The organisation's own seal was put. */
export const sealMeter = (context: Context, actor: Actor, key: MeterKey, { onDay }: { onDay: Day }): Promise<void> =>
  changing(context, actor, key, 'sealed', async (change) => {
    mustBe(change.meter, 'working', 'broken');
    refuse(dayErrors(onDay, change));
    await writeCard(change, writeOf(change.meter, { sealedOn: onDay }, 'sealed', onDay));
  });

/** From the day on its readings do not count (354, п. 59 «а»). @param reason of НСИ 224 */
export const breakMeter = (
  context: Context,
  actor: Actor,
  key: MeterKey,
  { onDay, reason }: { onDay: Day; reason: string },
): Promise<void> =>
  changing(context, actor, key, 'broken', async (change) => {
    mustBe(change.meter, 'working');
    refuse([...dayErrors(onDay, change), ...(await reasonErrors(change, NSI.failure, reason))]);
    const broken = await move(
      change,
      { state: 'broken', brokenOn: onDay, brokenReason: reason },
      { change: 'broken', onDay },
    );
    await recountMonths(change.trx, change.house, broken, monthOf(onDay), change.at);
  });

/** It works again: from the month of the repair on its readings count. */
export const repairMeter = (context: Context, actor: Actor, key: MeterKey, { onDay }: { onDay: Day }): Promise<void> =>
  changing(context, actor, key, 'repaired', async (change) => {
    const { meter } = change;
    mustBe(meter, 'broken');
    const early = meter.brokenOn && onDay < meter.brokenOn;
    refuse([
      ...dayErrors(onDay, change),
      ...(early ? [{ field: 'onDay', message: 'Ремонт не может быть раньше поломки' }] : []),
    ]);
    const repaired = await move(
      change,
      { state: 'working', brokenOn: null, brokenReason: null },
      { change: 'repaired', onDay, details: { failedOn: meter.brokenOn, failedReason: meter.brokenReason } },
    );
    await recountMonths(change.trx, change.house, repaired, monthOf(onDay), change.at);
  });
