import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import type { FileStore, StoredBytes } from '../files/files.ts';
import { oneAtATime, readHeic } from '../files/photo.ts';
import { type Attachment, MEDIA_TYPES } from './attachment.ts';
import { MOST_PAGES, MOST_PIXELS, MOST_PIXELS_OF_PAGES } from './content/picture.ts';

/** A page of paper at 400 dots to the inch; what a telephone makes is read as well. */
const SIDE = 5000;
/** A drawing is never larger than this: it is made by us. */
const MOST_BYTES = 512 * 1_048_576;

/** The picture cannot be decoded: nobody but its sender may have it, for nobody knows what is in it. */
export class Unreadable extends Error {}

const inLine = oneAtATime();

/**
 * The copy of a picture that others see: nothing but the picture, upright, without where and when it was taken and without anything that
 * hides behind it. Documents are shown as they are: null. A scan of several pages stays a TIFF.
 * @throws Unreadable
 */
export async function drawAnew(
  files: FileStore,
  { fileId, mediaType }: Pick<Attachment, 'fileId' | 'mediaType'>,
): Promise<{ bytes: StoredBytes; kind: 'jpeg' | 'tiff' } | null> {
  const path = files.path(fileId);
  // Beside the original: the same disk, and what a crash leaves behind goes with the sweep.
  const drawn = `${path.slice(0, -36)}${randomUUID()}`;
  const draw = painterOf(mediaType);
  if (!draw) return null;
  try {
    const kind = await inLine(() => draw(path, drawn)).catch((cause: unknown) => {
      throw new Unreadable('the picture cannot be decoded', { cause });
    });
    return { bytes: await files.put(createReadStream(drawn), { limitBytes: MOST_BYTES, field: '' }), kind };
  } finally {
    await rm(drawn, { force: true });
  }
}

type Painter = (from: string, to: string) => Promise<'jpeg' | 'tiff'>;

function painterOf(mediaType: string): Painter | null {
  if (mediaType === MEDIA_TYPES.jpeg || mediaType === MEDIA_TYPES.png) return drawFile;
  if (mediaType === MEDIA_TYPES.heic) return drawHeic;
  return mediaType === MEDIA_TYPES.tiff ? drawTiff : null;
}

const asJpeg = (image: Sharp): Sharp =>
  image
    .resize({ width: SIDE, height: SIDE, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .jpeg({ quality: 85 });

// A photo whose last lines did not come through is still a photo.
const OPTIONS = { limitInputPixels: MOST_PIXELS, failOn: 'none' } as const;

async function drawFile(from: string, to: string): Promise<'jpeg'> {
  await asJpeg(sharp(from, { ...OPTIONS, autoOrient: true })).toFile(to);
  return 'jpeg';
}

async function drawHeic(from: string, to: string): Promise<'jpeg'> {
  await asJpeg(await readHeic(await readFile(from))).toFile(to);
  return 'jpeg';
}

async function drawTiff(from: string, to: string): Promise<'jpeg' | 'tiff'> {
  const { pages = 1 } = await sharp(from, { limitInputPixels: false }).metadata();
  if (pages === 1) return drawFile(from, to);
  if (pages > MOST_PAGES) throw new Error('too many pages');
  await drawPages(from, to, pages);
  return 'tiff';
}

async function drawPages(from: string, to: string, pages: number): Promise<void> {
  await sharp(from, { limitInputPixels: MOST_PIXELS_OF_PAGES, failOn: 'none', pages })
    .tiff({ compression: 'jpeg', quality: 85 })
    .toFile(to);
}
