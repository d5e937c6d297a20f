import type { AccountId } from '../../../platform/ids.ts';
import { bareSerial, type Meter } from '../../meters/index.ts';
import type { MeterRow } from '../layouts/meters.ts';
import type { Note } from '../work.ts';
import { inCell } from './meter-fields.ts';
import { issuedNumber, type MeterLook } from './meter-look.ts';

/**
 * The device that a row means: by our number, else by serial number and kind. One of another brand is the same only in the same
 * place and for the same resource: a brand is often mended, a serial number may repeat among makers.
 */
export function knownOf(row: MeterRow, accounts: readonly AccountId[], look: MeterLook, notes: Note[]): Meter | null {
  const { values } = row;
  const number = issuedNumber(values.meterNumber);
  const numbered = number ? look.byNumber.get(number) : undefined;
  if (numbered) {
    if (numbered.state !== 'archived') return numbered;
    notes.push(inCell(row, 'meterNumber', 'прибор с этим номером снят с учёта: новый прибор заведите без номера'));
    return null;
  }
  const premises = accounts.flatMap((id) => look.accounts.get(id)?.places.map(({ premisesId }) => premisesId) ?? []);
  const same = (look.bySerial.get(bareSerial(values.serial ?? '')) ?? []).filter(
    (meter) => values.kind === null || meter.kind === values.kind,
  );
  const near = (meter: Meter) =>
    (meter.kind === 'house' || premises.includes(meter.premisesId!)) &&
    (values.resource === null || meter.resources.some((one) => one.resource === values.resource));
  const branded = same.filter(({ brand }) => values.brand !== null && brand === values.brand);
  const fitting = branded.length > 0 ? branded : same.filter(near);
  if (fitting.length <= 1) return fitting[0] ?? null;
  const nearest = fitting.filter(near);
  if (nearest.length === 1) return nearest[0]!;
  notes.push(inCell(row, 'serial', 'в доме несколько приборов с этим номером: укажите марку или номер ПУ в Домовом'));
  return null;
}
