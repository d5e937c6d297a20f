import type { FieldError } from '../../platform/errors.ts';
import type { HeadingPlace } from '../../platform/workbook/index.ts';
import { BELOW, dataFieldOf, PASS_OVER, topFieldOf } from './mapping-fields.ts';
import type { AskedSheet, SheetPlace } from './upload.ts';

export interface SaidPlaces {
  places: SheetPlace[];
  /** Sheets whose headings stand elsewhere than was guessed: their columns are to be shown anew. */
  moved: Set<string>;
  wrong: FieldError[];
}

/** Where the clerk says that the headings of the asked sheets stand. */
export function readPlaces(asked: readonly AskedSheet[], answers: Readonly<Record<string, string>>): SaidPlaces {
  const said: SaidPlaces = { places: [], moved: new Set(), wrong: [] };
  for (const [index, one] of asked.entries()) {
    const place = placeOf(one, index, answers);
    if (place && 'field' in place) {
      said.wrong.push(place);
      continue;
    }
    said.places.push({ sheet: one.sheet, place });
    if (!one.guess || place?.top !== one.guess.top || place.data !== one.guess.data) said.moved.add(one.sheet);
  }
  return said;
}

function placeOf(
  { rows, guess, optional }: AskedSheet,
  index: number,
  answers: Readonly<Record<string, string>>,
): HeadingPlace | FieldError | null {
  const field = topFieldOf(index);
  const answer = answers[field] ?? '';
  if (answer === PASS_OVER && optional) return null;
  const top = rows.find(({ row, heading }) => heading && String(row) === answer)?.row;
  if (top === undefined) return { field, message: 'Выберите строку, в которой стоят заголовки' };
  const below = answers[dataFieldOf(index)] ?? BELOW;
  // The field came filled for the guessed row: with another row it was simply left as it was.
  if (below === BELOW || (guess && guess.top !== top && below === String(guess.data))) return { top, data: null };
  const data = rows.find(({ row }) => String(row) === below)?.row;
  return data === undefined || data <= top
    ? { field: dataFieldOf(index), message: 'Выберите строку ниже заголовков' }
    : { top, data };
}
