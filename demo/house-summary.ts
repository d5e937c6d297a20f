import type { OrganisationId } from '../src/platform/ids.ts';
import { addDays, addMonths, firstDay, type Month } from '../src/platform/month.ts';
import { decimal, SCALE } from './amounts.ts';
import type { Tally } from './device-rows.ts';
import type { Metering } from './flat-devices.ts';
import { add, type Rows } from './rows.ts';

/** The rows of data/rules.json that the roll-ups depend on: the last day of the window, and the first warning of a verification. */
const WINDOW_ENDS = 25;
const WARN_DAYS = 90;

/**
 * The roll-ups of a house of the bulk, where each home has its own devices and one organisation charges by them all: ten thousand houses
 * one by one would take the product longer than all their bills. A test holds them equal to the product's own.
 */
export function addHouseSummary(
  rows: Rows,
  { houseId, placed, span: { open, today } }: Metering,
  { organisationId, tally, now }: { organisationId: OrganisationId; tally: Tally; now: Date },
): void {
  const volumes = new Map<string, number[]>();
  for (const { device } of placed)
    for (const { period, volume } of device.used) {
      const key = `${device.model.resource} ${period}`;
      const list = volumes.get(key) ?? [];
      list.push(Math.round(Number(volume) * SCALE));
      volumes.set(key, list);
    }
  for (const [key, list] of volumes) {
    const [resource, period] = key.split(' ') as [string, Month];
    const sum = list.reduce((total, volume) => total + volume, 0);
    add(rows, 'house_consumption', [
      houseId,
      resource,
      firstDay(period),
      list.length,
      medianOf(list),
      decimal(sum),
      null,
      now,
    ]);
  }
  if (placed.length === 0) return;
  const isOver = Number(today.slice(8)) > WINDOW_ENDS;
  const due = addDays(today, WARN_DAYS);
  add(rows, 'organisation_meters', [
    organisationId,
    houseId,
    firstDay(isOver ? addMonths(open, 1) : open),
    placed.length,
    isOver ? 0 : tally.sent,
    tally.waiting,
    placed.filter(({ device }) => device.verifyBy <= due).length,
    now,
  ]);
}

/** Half of the two in the middle: volumes of water have three decimals, so four hold it. */
function medianOf(list: readonly number[]): string {
  const sorted = list.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return decimal((sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2);
}
