import type { Socket } from 'node:net';
import { TooMany, untilDayOld } from '../errors.ts';
import type { PersonId } from '../ids.ts';

/** A browser sends one file after another; a few windows may do so at once. */
const PLACES = 3;
/** A place comes free sooner or later: most files take less. */
const A_FILE_SECONDS = 30;

/**
 * Bytes that one person may send to this process in a day. What is refused, taken away again or never recorded lies on the disk until
 * the nightly sweep: nobody fills it alone.
 */
export const MOST_BYTES_A_DAY = 5 * 1024 ** 3;
const DAY = 86_400_000;

/** How many files each person is sending to this process now. */
const taken = new Map<PersonId, number>();
const sent = new Map<PersonId, { since: number; bytes: number }>();

/** Who sends, over which line, and when. */
export interface Sending {
  personId: PersonId;
  socket: Pick<Socket, 'bytesRead'>;
  now: Date;
}

/**
 * Runs the work while the person has a place among those who send files.
 * @throws TooMany when all places of this person are taken, or the person's day is full
 */
export async function inUploadPlace<T>({ personId, socket, now }: Sending, work: () => Promise<T>): Promise<T> {
  const before = taken.get(personId) ?? 0;
  if (before >= PLACES)
    throw new TooMany(
      'Вы уже передаёте несколько файлов. Дождитесь, пока они дойдут, и приложите следующий.',
      A_FILE_SECONDS,
    );
  const day = dayOf(personId, now.getTime());
  if (day.bytes >= MOST_BYTES_A_DAY)
    throw new TooMany(
      'За сутки от вас пришло слишком много файлов. Приложите остальные завтра.',
      untilDayOld(new Date(day.since), now),
    );
  taken.set(personId, before + 1);
  const begun = socket.bytesRead;
  try {
    return await work();
  } finally {
    day.bytes += socket.bytesRead - begun;
    const left = (taken.get(personId) ?? 1) - 1;
    if (left > 0) taken.set(personId, left);
    else taken.delete(personId);
  }
}

function dayOf(personId: PersonId, now: number): { since: number; bytes: number } {
  const known = sent.get(personId);
  if (known && now - known.since < DAY) return known;
  for (const [person, { since }] of sent) if (now - since >= DAY) sent.delete(person);
  const day = { since: now, bytes: 0 };
  sent.set(personId, day);
  return day;
}
