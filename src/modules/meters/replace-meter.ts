import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import type { FieldError } from '../../platform/errors.ts';
import type { MeterId } from '../../platform/ids.ts';
import { type Day, monthOf } from '../../platform/month.ts';
import {
  changing,
  dayErrors,
  type MeterKey,
  move,
  mustBe,
  NSI,
  reasonErrors,
  refuse,
  writeCard,
} from './change-meter.ts';
import type { MeterCard } from './check-meter.ts';
import type { Resource, Values } from './meter.ts';
import { selectMeters } from './queries/meters.ts';
import { type Mark, markErrors, markField, recordMark } from './record-marks.ts';
import { recountMonths } from './recount-months.ts';

/** Reasons of НСИ 21 that mean another device has taken the place. */
export const REPLACEMENT_REASONS: readonly string[] = ['1', '2', '3'];

export interface Replacement {
  onDay: Day;
  reason: string;
  /** What the old device showed last. */
  final: ReadonlyMap<Resource, Values>;
  /** What the new device shows first. */
  base: ReadonlyMap<Resource, Values>;
  /** The new device; place, resources and accounts are the old one's. */
  next: Pick<
    MeterCard,
    'serial' | 'brand' | 'model' | 'digits' | 'tariffs' | 'ratio' | 'verifiedOn' | 'verificationInterval'
  >;
}

/**
 * The old device goes to the archive and the new one takes its place, with the last values of the one and the first of the other, all
 * in one transaction: the month of the change is the sum of two parts.
 * @returns the new device
 */
export const replaceMeter = (context: Context, actor: Actor, key: MeterKey, input: Replacement): Promise<MeterId> =>
  changing(context, actor, key, 'replaced', async (change) => {
    const { meter, trx, house, at } = change;
    mustBe(meter, 'working', 'broken');
    const hasDial = !meter.givesVolume;
    const final: Mark = { kind: 'final', takenOn: input.onDay, values: input.final };
    refuse([
      ...dayErrors(input.onDay, change),
      ...(REPLACEMENT_REASONS.includes(input.reason)
        ? await reasonErrors(change, NSI.archive, input.reason)
        : [{ field: 'reason', message: 'Выберите причину замены из списка' }]),
      ...(hasDial ? [...(await markErrors(change, final, 'final')), ...baseErrors(meter.resources, input)] : []),
    ]);
    if (hasDial) await recordMark(change, meter, final);
    const { meterId: nextId } = await writeCard(change, {
      ...meter,
      ...input.next,
      meterId: null,
      installedOn: input.onDay,
      usedFrom: input.onDay,
      factorySealedOn: null,
      sealedOn: null,
      resources: meter.resources.map((one) => ({ ...one, base: null })),
      change: 'installed',
      onDay: input.onDay,
    });
    const archived = await move(
      change,
      { state: 'archived', archivedOn: input.onDay, archiveReason: input.reason, replacedBy: nextId },
      { change: 'replaced', onDay: input.onDay, details: { nextSerial: input.next.serial } },
    );
    const [fresh] = await selectMeters(trx, house.houseId, [nextId]);
    if (hasDial) await recordMark(change, fresh!, { kind: 'base', takenOn: input.onDay, values: input.base });
    await recountMonths(trx, house, archived, monthOf(input.onDay), at);
    await recountMonths(trx, house, fresh!, monthOf(input.onDay), at);
    return nextId;
  });

/** The new device begins with a value of each of its own tariffs. */
const baseErrors = (resources: readonly { resource: Resource }[], { base, next }: Replacement): FieldError[] =>
  resources.flatMap(({ resource }) =>
    (['t1', 't2', 't3'] as const).flatMap((tariff, index): FieldError[] => {
      const isGiven = (base.get(resource)?.[tariff] ?? null) !== null;
      if (isGiven === index < next.tariffs) return [];
      const message = isGiven ? 'У нового прибора нет этого тарифа' : 'Укажите начальное показание нового прибора';
      return [{ field: markField('base', resource, tariff), message }];
    }),
  );
