import type { AccountId, PremisesId, RoomId } from '../../../platform/ids.ts';
import type { WholeAccount } from '../../accounts/index.ts';
import type { Meter, MeterKind } from '../../meters/index.ts';
import type { MeterRow } from '../layouts/meters.ts';
import type { Note } from '../work.ts';

export interface MeterPlace {
  premisesId: PremisesId | null;
  roomId: RoomId | null;
}

const bare = (number: string): string => number.toLowerCase().replace(/^(кв|кв-ра|квартира|пом|помещение)\.?\s*/u, '');

/**
 * Where a device stands: in the premises of its account, of which the row says which when there are several. Null with a note when
 * that cannot be told.
 */
export function placeOf(
  row: MeterRow,
  kind: MeterKind,
  accounts: readonly AccountId[],
  whole: ReadonlyMap<AccountId, WholeAccount>,
  known: Meter | null,
  notes: Note[],
): MeterPlace | null {
  const { number, category, roomNumber } = row.values;
  if (kind === 'house') return { premisesId: null, roomId: null };
  const says = (key: string, message: string) => {
    notes.push({ sheet: row.sheet, row: row.row, key, wrong: true, message });
    return null;
  };
  const stays = known && (number === null || accounts.length === 0);
  if (stays && known.premisesId && roomNumber === null)
    return { premisesId: known.premisesId, roomId: kind === 'room' ? known.roomId : null };
  const all = accounts.flatMap((id) => whole.get(id)?.places ?? []);
  if (all.length === 0)
    return says('account', 'у этого счёта нет помещения: загрузите сначала помещения счетов, потом приборы');
  const fitting = all.filter(
    (place) =>
      (number === null || bare(place.number) === bare(number)) &&
      (category === null || place.category === category) &&
      (kind !== 'room' || roomNumber === null || place.roomNumber === roomNumber),
  );
  const premises = new Set(fitting.map(({ premisesId }) => premisesId));
  if (premises.size === 0)
    return says(
      number === null ? 'account' : 'number',
      `у счёта другое помещение: ${[...new Set(all.map((place) => place.number))].join(', ')}; исправьте счёт или помещение`,
    );
  if (premises.size > 1)
    return says(
      'number',
      `у счёта несколько помещений (${fitting.map((place) => place.number).join(', ')}): укажите, в каком прибор`,
    );
  const rooms = new Set(fitting.flatMap(({ roomId }) => roomId ?? []));
  if (kind === 'room' && rooms.size !== 1)
    return says(
      'roomNumber',
      rooms.size === 0 ? 'у счёта нет такой комнаты' : 'укажите номер комнаты, где стоит прибор',
    );
  return { premisesId: [...premises][0]!, roomId: kind === 'room' ? [...rooms][0]! : null };
}
