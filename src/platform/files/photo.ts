import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import sharp, { type Sharp } from 'sharp';
import { Invalid } from '../errors.ts';

/** What a phone's camera makes; a larger file is no picture of a dial. */
export const PHOTO_LIMIT = 10 * 1_048_576;
export const PHOTO_TOO_LARGE = `Фото больше ${PHOTO_LIMIT / 1_048_576} МБ. Уменьшите его, сфотографируйте заново или обойдитесь без фото.`;
/** The longer side of what is kept: the figures of a dial are read well, and the file is a few hundred kilobytes. */
const SIDE = 1600;
/** A small file may hold a huge picture: it is refused before it is unpacked. */
const MOST_PIXELS = 60_000_000;
const HEIC_SECONDS = 20;

sharp.cache(false);
// Readers of other formats stay shut, whatever a file pretends to be.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
});

type Kind = 'jpeg' | 'png' | 'webp' | 'heic';
const HEIC_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'];

/** What a picture is by its first bytes; the name and the type that the browser says prove nothing. */
export function photoKind(bytes: Buffer): Kind | null {
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'jpeg';
  if (bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))) return 'png';
  const at = (from: number) => bytes.toString('latin1', from, from + 4);
  if (at(0) === 'RIFF' && at(8) === 'WEBP') return 'webp';
  return at(4) === 'ftyp' && HEIC_BRANDS.includes(at(8)) ? 'heic' : null;
}

/**
 * A photo as it may be kept: drawn anew as a JPEG, upright, at most 1600 px long. Nothing else of the file survives, neither the place
 * and the time where it was taken nor anything hidden in it.
 * @param field the form's field that errors belong to
 * @throws Invalid when it is larger than PHOTO_LIMIT, no JPEG, PNG, WebP or HEIC, or cannot be read
 */
export async function cleanPhoto(bytes: Buffer, field: string): Promise<Buffer> {
  const refuse = (message: string) => new Invalid([{ field, message }]);
  if (bytes.length > PHOTO_LIMIT) throw refuse(PHOTO_TOO_LARGE);
  const kind = photoKind(bytes);
  if (!kind) throw refuse('Это не фото. Подойдут JPEG, PNG, WebP и HEIC; можно и без фото.');
  try {
    const options = { limitInputPixels: MOST_PIXELS, failOn: 'error' as const };
    const image = kind === 'heic' ? await readHeic(bytes) : sharp(bytes, { ...options, autoOrient: true });
    const clean = image
      .resize({ width: SIDE, height: SIDE, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 80 });
    return await draw(() => clean.toBuffer());
  } catch {
    throw refuse('Фото не удалось прочитать: файл повреждён или слишком велик. Сфотографируйте прибор заново.');
  }
}

/** The bundled entry beside the program that runs, or the source for tests and tools. */
function findWorker(): string {
  const bundled = ['.', '..'].map((folder) => join(import.meta.dirname, folder, 'decode-heic.js'));
  return bundled.find((path) => existsSync(path)) ?? join(import.meta.dirname, 'decode-heic.worker.ts');
}

/** One after another: a picture takes hundreds of megabytes while it is unpacked, and a small file may hold a large one. */
export function oneAtATime() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}

// Two lines: a HEIC takes seconds, and pictures of other kinds do not wait for it.
const draw = oneAtATime();
const decode = oneAtATime();

export const readHeic = (bytes: Buffer): Promise<Sharp> => decode(() => decodeApart(bytes));

function decodeApart(bytes: Buffer): Promise<Sharp> {
  const worker = new Worker(findWorker(), {
    workerData: { bytes, mostPixels: MOST_PIXELS },
    stdout: true,
    stderr: true,
  });
  const timer = setTimeout(() => worker.terminate(), HEIC_SECONDS * 1000);
  return new Promise<Sharp>((resolve, fail) => {
    worker.once('message', ({ width, height, data }: { width: number; height: number; data: Uint8ClampedArray }) =>
      resolve(sharp(data, { raw: { width, height, channels: 4 } })),
    );
    worker.once('error', fail);
    worker.once('exit', () => fail(new Error('the thread of a picture ended')));
  }).finally(() => clearTimeout(timer));
}
