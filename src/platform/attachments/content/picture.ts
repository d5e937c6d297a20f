import sharp from 'sharp';
// Shuts every reader of pictures but those it opens; these are the ones that attachments need beside them.
import '../../files/photo.ts';
import { Refused, WORDS } from './refused.ts';

sharp.unblock({
  operation: ['VipsForeignLoadJpegFile', 'VipsForeignLoadPngFile', 'VipsForeignLoadTiffFile'],
});

/** A small file may hold a huge picture; telephones make up to 108 megapixels. */
export const MOST_PIXELS = 120_000_000;
/** Of a scan of many pages. */
export const MOST_PAGES = 100;
export const MOST_PIXELS_OF_PAGES = 1_000_000_000;

/**
 * Reads the head of a picture.
 * @throws Refused when it cannot be read, or would be too large unpacked
 */
export async function lookAtPicture(path: string, kind: 'jpeg' | 'png' | 'tiff'): Promise<void> {
  const about = await sharp(path, { limitInputPixels: false })
    .metadata()
    .catch(() => {
      throw new Refused(WORDS.broken);
    });
  if (about.format !== kind) throw new Refused(WORDS.broken);
  if (about.width * about.height > MOST_PIXELS) throw new Refused(WORDS.largePicture);
  const pages = about.pages ?? 1;
  if (pages > MOST_PAGES || pages * about.width * about.height > MOST_PIXELS_OF_PAGES)
    throw new Refused(WORDS.manyPages);
}
