import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { type Day, monthOf } from '../../platform/month.ts';
import {
  type Changing,
  changing,
  dayErrors,
  type MeterKey,
  mustBe,
  NSI,
  reasonErrors,
  refuse,
  writeCard,
  writeOf,
} from './change-meter.ts';
import type { Resource, Values } from './meter.ts';
import { lockMeters } from './queries/meters.ts';
import { type Mark, markErrors, recordMark } from './record-marks.ts';
import { recountMonths } from './recount-months.ts';

export interface Verification {
  /** The device was away from the first day to the second, both inclusive; on the spot they are one day. */
  startedOn: Day;
  onDay: Day;
  sealedOn: Day | null;
  /** Years, НСИ 16. */
  interval: number;
  /** НСИ 224; null: a planned one. */
  reason: string | null;
  start: ReadonlyMap<Resource, Values>;
  end: ReadonlyMap<Resource, Values>;
}

/**
 * The device was verified: the next term counts from the day it ended, and what ran on the stand counts for nothing. Months of a lapse
 * before keep their estimates.
 */
export const verifyMeter = (context: Context, actor: Actor, key: MeterKey, input: Verification): Promise<void> =>
  changing(context, actor, key, 'verified', async (change) => {
    const { meter, trx, house, at } = change;
    mustBe(meter, 'working');
    const start: Mark = { kind: 'verification_start', takenOn: input.startedOn, values: input.start };
    const end: Mark = { kind: 'verification_end', takenOn: input.onDay, values: input.end };
    const hasDial = !meter.givesVolume;
    refuse([
      ...datesWrong(input, change),
      ...(input.reason === null ? [] : await reasonErrors(change, NSI.failure, input.reason)),
      ...(hasDial ? [...(await markErrors(change, start, 'start')), ...(await markErrors(change, end, 'end'))] : []),
    ]);
    const card = {
      verifiedOn: input.onDay,
      verificationInterval: input.interval,
      ...(input.sealedOn && { sealedOn: input.sealedOn }),
    };
    await writeCard(change, writeOf(meter, card, 'verified', input.onDay));
    if (hasDial) {
      await recordMark(change, meter, start);
      await recordMark(change, meter, end);
    }
    const [verified] = await lockMeters(trx, house.houseId, [meter.meterId]);
    await recountMonths(trx, house, verified!, monthOf(input.startedOn), at);
  });

const datesWrong = ({ startedOn, onDay, sealedOn }: Verification, change: Changing) => [
  ...dayErrors(startedOn, change, 'startedOn'),
  ...dayErrors(onDay, change),
  ...(onDay < startedOn ? [{ field: 'onDay', message: 'Поверка не может закончиться раньше, чем началась' }] : []),
  ...(sealedOn && sealedOn > change.today ? [{ field: 'sealedOn', message: 'Эта дата ещё не наступила' }] : []),
  ...(change.meter.verifiedOn && onDay <= change.meter.verifiedOn
    ? [{ field: 'onDay', message: 'Эта поверка уже записана или раньше последней' }]
    : []),
];
