import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { Invalid } from '../errors.ts';
import { cleanPhoto, PHOTO_LIMIT, photoKind } from './photo.ts';

const HEIC = readFileSync(new URL('./fixtures/dial.heic', import.meta.url));
const drawn = (width = 40, height = 20) =>
  sharp({ create: { width, height, channels: 4, background: { r: 9, g: 90, b: 200, alpha: 1 } } });
const withPlace = {
  IFD0: { Make: 'Camera' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '55/1 45/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '37/1 37/1 0/1' },
};
const refusal = (bytes: Buffer) =>
  cleanPhoto(bytes, 'photo').then(
    () => null,
    (error: unknown) => (error instanceof Invalid ? error.fields[0] : error),
  );

describe('what is no photo is refused at its field', () => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['a page', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['a document', Buffer.from('%PDF-1.7')],
    ['a GIF', Buffer.from('GIF89a0000')],
  ])('%s', async (_, bytes) => {
    expect(await refusal(bytes)).toMatchObject({ field: 'photo', message: expect.stringContaining('не фото') });
  });

  test.each([
    ['a broken JPEG', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(500)])],
    ['a HEIC cut short', HEIC.subarray(0, 300)],
  ])('%s', async (_, bytes) => {
    expect(await refusal(bytes)).toMatchObject({ message: expect.stringContaining('не удалось прочитать') });
  });

  test('one byte too many', async () => {
    expect(await refusal(Buffer.alloc(PHOTO_LIMIT + 1))).toMatchObject({ message: expect.stringContaining('10 МБ') });
  });

  test('a small file that unpacks into a huge picture', async () => {
    const bomb = await drawn(8000, 8000).png({ compressionLevel: 9 }).toBuffer();
    expect(await refusal(bomb)).toMatchObject({ message: expect.stringContaining('слишком велик') });
  });
});

test('pictures that come at once are unpacked one after another', async () => {
  const bytes = await drawn(3000, 3000).png().toBuffer();
  let isDone = false;
  const all = Promise.all([1, 2, 3, 4].map(() => cleanPhoto(bytes, 'photo'))).finally(() => {
    isDone = true;
  });
  let most = 0;
  while (!isDone) {
    const { queue, process } = sharp.counters();
    most = Math.max(most, queue + process);
    await new Promise(setImmediate);
  }
  expect(await all).toHaveLength(4);
  // The one that has just ended is still counted when the next one begins.
  expect(most).toBeLessThanOrEqual(2);
});

describe('a photo is drawn anew', () => {
  test.each([
    ['jpeg', () => drawn().jpeg().withExif(withPlace).toBuffer()],
    ['png', () => drawn().png().toBuffer()],
    ['webp', () => drawn().webp().withExif(withPlace).toBuffer()],
    ['heic', async () => HEIC],
  ] as const)('%s, without where and when it was taken', async (kind, make) => {
    const bytes = await make();
    expect(photoKind(bytes)).toBe(kind);
    const clean = await cleanPhoto(bytes, 'photo');
    const about = await sharp(clean).metadata();
    expect(about.format).toBe('jpeg');
    expect([about.exif, about.xmp, about.icc, about.iptc]).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('upright, and no longer than 1600 px', async () => {
    const bytes = await drawn(2000, 1000).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const { width, height } = await sharp(await cleanPhoto(bytes, 'photo')).metadata();
    expect([width, height]).toEqual([800, 1600]);
  });
});
