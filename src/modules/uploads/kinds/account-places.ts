import type { Db } from '../../../platform/database/database.ts';
import type { PremisesCategory } from '../../houses/index.ts';
import type { HouseFinder } from '../find-houses.ts';
import type { PlaceRow } from '../layouts/accounts.ts';
import type { Note } from '../work.ts';

export interface ReadPlace {
  category: PremisesCategory;
  number: string;
  roomNumber: string | null;
  sharePercent: string | null;
}

/**
 * The premises of an account. All of them are in one house, the one of the batch.
 * @param house its id, or its ФИАС GUID while it is not there yet
 */
export async function placesOf(
  db: Db,
  finder: HouseFinder,
  rows: readonly PlaceRow[],
  house: string | null,
  notes: Note[],
): Promise<ReadPlace[]> {
  const places: ReadPlace[] = [];
  for (const { sheet, row, values } of rows) {
    const found = await finder.find(db, values);
    if (found.kind === 'unknown') {
      notes.push({ sheet, row, key: found.key, wrong: true, message: found.message });
      continue;
    }
    const other = found.kind === 'known' ? found.houseId !== house : found.address.guid !== house;
    if (other && house !== null && (found.kind === 'known' || places.length > 0))
      notes.push({
        sheet,
        row,
        key: 'address',
        wrong: true,
        message: 'все помещения одного счёта должны быть в одном доме',
      });
    const category = values.category ?? 'residential';
    const number = category === 'whole_house' ? '' : (values.number ?? found.flat);
    if (number === null) {
      notes.push({ sheet, row, key: 'number', wrong: true, message: 'укажите номер помещения' });
      continue;
    }
    places.push({ category, number, roomNumber: values.roomNumber, sharePercent: values.share });
  }
  return withoutTwins(places, rows, notes);
}

function withoutTwins(places: ReadPlace[], rows: readonly PlaceRow[], notes: Note[]): ReadPlace[] {
  const keys = places.map(({ category, number, roomNumber }) => `${category} ${number} ${roomNumber ?? ''}`);
  const twin = keys.findIndex((key, index) => keys.indexOf(key) !== index);
  const row = rows[twin];
  if (twin >= 0 && row)
    notes.push({
      sheet: row.sheet,
      row: row.row,
      key: 'number',
      wrong: true,
      message: 'это помещение у счёта уже указано',
    });
  return places;
}
