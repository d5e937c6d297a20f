import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { Conflict } from '../../platform/errors.ts';
import { type Day, monthOf } from '../../platform/month.ts';
import { changing, dayErrors, type MeterKey, move, mustBe, NSI, reasonErrors, refuse } from './change-meter.ts';
import type { Resource, Values } from './meter.ts';
import { selectMeters } from './queries/meters.ts';
import { selectTakenSerials } from './queries/write-meters.ts';
import { type Mark, markErrors, recordMark } from './record-marks.ts';
import { recountMonths } from './recount-months.ts';
import { REPLACEMENT_REASONS } from './replace-meter.ts';

export interface Archiving {
  onDay: Day;
  /** НСИ 21, but a replacement. */
  reason: string;
  /** What it showed last; empty when nobody could read it. */
  final: ReadonlyMap<Resource, Values>;
}

/** The device is no longer counted by, and no other has taken its place. */
export const archiveMeter = (context: Context, actor: Actor, key: MeterKey, input: Archiving): Promise<void> =>
  changing(context, actor, key, 'archived', async (change) => {
    const { meter, trx, house, at } = change;
    mustBe(meter, 'working', 'broken');
    const final: Mark = { kind: 'final', takenOn: input.onDay, values: input.final };
    const isRead = input.final.size > 0 && !meter.givesVolume;
    refuse([
      ...dayErrors(input.onDay, change),
      ...(REPLACEMENT_REASONS.includes(input.reason)
        ? [{ field: 'reason', message: 'Это причина замены: запишите новый прибор через «Заменить прибор»' }]
        : await reasonErrors(change, NSI.archive, input.reason)),
      ...(isRead ? await markErrors(change, final, 'final') : []),
    ]);
    if (isRead) await recordMark(change, meter, final);
    const archived = await move(
      change,
      { state: 'archived', archivedOn: input.onDay, archiveReason: input.reason },
      { change: 'archived', onDay: input.onDay },
    );
    await recountMonths(trx, house, archived, monthOf(input.onDay), at);
  });

/**
 * The device comes back to the register. One that another has replaced comes back only after that one was archived: two devices would
 * count the same water.
 * @param reason of НСИ 334
 * @throws Conflict when its place or its number is taken
 */
export const restoreMeter = (
  context: Context,
  actor: Actor,
  key: MeterKey,
  { onDay, reason }: { onDay: Day; reason: string },
): Promise<void> =>
  changing(context, actor, key, 'restored', async (change) => {
    const { meter, trx, house, at } = change;
    mustBe(meter, 'archived');
    refuse([
      ...dayErrors(onDay, change),
      ...(meter.archivedOn && onDay < meter.archivedOn
        ? [{ field: 'onDay', message: 'Вернуть прибор нельзя раньше, чем он был снят' }]
        : []),
      ...(await reasonErrors(change, NSI.restore, reason)),
    ]);
    const [next] = meter.replacedBy ? await selectMeters(trx, house.houseId, [meter.replacedBy]) : [];
    if (next && next.state !== 'archived')
      throw new Conflict(
        `Вместо этого прибора работает № ${next.serial}. Сначала снимите его с учёта, если он заведён по ошибке.`,
        'meter_replaced',
      );
    if ((await selectTakenSerials(trx, house.houseId, [meter])).size > 0)
      throw new Conflict('В доме уже работает прибор с этим номером.', 'meter_serial');
    const restored = await move(
      change,
      {
        state: 'working',
        archivedOn: null,
        archiveReason: null,
        replacedBy: null,
        brokenOn: null,
        brokenReason: null,
      },
      { change: 'restored', onDay, details: { reason, wasArchivedOn: meter.archivedOn } },
    );
    await recountMonths(trx, house, restored, monthOf(onDay), at);
  });
