import { TooMany } from '../errors.ts';
import type { PersonId } from '../ids.ts';

/** A browser sends one file after another; a few windows may do so at once. */
const PLACES = 3;

/** How many files each person is sending to this process now. */
const taken = new Map<PersonId, number>();

/**
 * Runs the work while the person has a place among those who send files.
 * @throws TooMany when all places of this person are taken
 */
export async function inUploadPlace<T>(personId: PersonId, work: () => Promise<T>): Promise<T> {
  const before = taken.get(personId) ?? 0;
  if (before >= PLACES)
    throw new TooMany('Вы уже передаёте несколько файлов. Дождитесь, пока они дойдут, и приложите следующий.');
  taken.set(personId, before + 1);
  try {
    return await work();
  } finally {
    const left = (taken.get(personId) ?? 1) - 1;
    if (left > 0) taken.set(personId, left);
    else taken.delete(personId);
  }
}
