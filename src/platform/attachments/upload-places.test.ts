import { expect, test } from 'vitest';
import { TooMany } from '../errors.ts';
import { newId, type PersonId } from '../ids.ts';
import { inUploadPlace, MOST_BYTES_A_DAY } from './upload-places.ts';

const NOW = new Date('2026-11-10T09:00:00Z');
const later = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000);

/** Sends so many bytes over a line on which others were sent before. */
function send(personId: PersonId, bytes: number, now = NOW): Promise<string> {
  const socket = { bytesRead: 1_000_000 };
  return inUploadPlace({ personId, socket, now }, async () => {
    socket.bytesRead += bytes;
    return 'taken';
  });
}

test('one person fills no disk: a day holds so many bytes, also of what was refused', async () => {
  const [anna, boris] = [newId<PersonId>(), newId<PersonId>()];
  await send(anna, MOST_BYTES_A_DAY - 1);
  const broken = { personId: anna, socket: { bytesRead: 0 }, now: NOW };
  await expect(
    inUploadPlace(broken, async () => {
      broken.socket.bytesRead = 1;
      throw new Error('the file is refused');
    }),
  ).rejects.toThrow('the file is refused');
  await expect(send(anna, 1, later(23))).rejects.toThrow(TooMany);
  expect(await send(boris, 1)).toBe('taken');
  expect(await send(anna, 1, later(24))).toBe('taken');
});

test('three at once and no more', async () => {
  const personId = newId<PersonId>();
  const held = Promise.withResolvers<void>();
  const sending = { personId, socket: { bytesRead: 0 }, now: NOW };
  const three = Array.from({ length: 3 }, () => inUploadPlace(sending, () => held.promise));
  await expect(send(personId, 1)).rejects.toThrow(TooMany);
  held.resolve();
  await Promise.all(three);
  expect(await send(personId, 1)).toBe('taken');
});
