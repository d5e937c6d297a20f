import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  const draw = painterOf(mediaType);
  if (!draw) return null;
  const folder = await mkdtemp(join(tmpdir(), 'domovoy-drawing-'));
  try {
    const drawn = join(folder, 'drawn');
    const drawIt = (path: string) =>
      inLine(() => draw(path, drawn)).catch((cause: unknown) => {
        // A full disk is no fault of the picture: the job is tried again.
        if (/target|write|space|save/i.test(String(cause))) throw cause;
        throw new Unreadable('the picture cannot be decoded', { cause });
      });
    const kind = await files.withLocalCopy(fileId, drawIt);
    return { bytes: await files.put(createReadStream(drawn), { limitBytes: MOST_BYTES, field: '' }), kind };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of the screen of a telephone: 88 points at two dots each. */
const THUMBNAIL = 176;
const inLineOfThumbnails = oneAtATime();

/** A small picture of a JPEG that we have drawn. */
export const drawThumbnail = (path: string): Promise<Buffer> =>
  inLineOfThumbnails(() =>
    sharp(path, OPTIONS).resize({ width: THUMBNAIL, height: THUMBNAIL, fit: 'cover' }).jpeg({ quality: 70 }).toBuffer(),
  );

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
  const options = { limitInputPixels: MOST_PIXELS_OF_PAGES, failOn: 'none' } as const;
  const isAlike = await sharp(from, { ...options, pages })
    .metadata()
    .then(Boolean, () => false);
  const image = isAlike ? sharp(from, { ...options, pages }) : await joinPages(from, to, pages);
  await image.flatten({ background: '#ffffff' }).tiff({ compression: 'jpeg', quality: 85 }).toFile(to);
}

/** Pages of different sizes, each drawn for itself and laid on sheets of the largest. */
async function joinPages(from: string, to: string, pages: number): Promise<Sharp> {
  const drawn: string[] = [];
  for (let page = 0; page < pages; page += 1) {
    drawn.push(`${to}.${page}`);
    await asJpeg(sharp(from, { ...OPTIONS, page })).toFile(drawn[page]!);
  }
  return sharp(drawn, { limitInputPixels: MOST_PIXELS_OF_PAGES, join: { animated: true, background: '#ffffff' } });
}
