import { fileTypeFromBuffer } from 'file-type';
import sharp from 'sharp';
import { chunksOf, type Frame, firstFrame, isSound, withRightChecksum, withWholeColours } from './png.ts';

/** A picture of 36 million pixels, decoded whole in the worst case (interlaced, 16 bit), takes 290 MB. */
const maxPixels = 36_000_000;
const largePx = 1_200;
const thumbnailPx = 240;

// One picture at a time, and no cache: memory is the scarce resource of this container.
sharp.cache(false);
sharp.concurrency(1);

/** 16 bits for each of four colours of a pixel, and a byte for each row. */
const maxPngBytes = maxPixels * 9;

/** Both public sizes, as WebP. */
type Renditions = { large: Buffer; thumbnail: Buffer };

export type Rejection = 'not-an-image' | 'type-mismatch' | 'too-large' | 'too-many-pixels';

/** Bytes that cannot become a picture, however often the job runs. */
export class RejectedPicture extends Error {
  override name = 'RejectedPicture';
  readonly reason: Rejection;

  constructor(reason: Rejection, cause?: unknown) {
    super(reason, { cause });
    this.reason = reason;
  }
}

/** The types that a declared type includes, by the magic number of the file: an animated PNG is a PNG, too. */
const typeOf = (mime: string): string => (mime === 'image/apng' ? 'image/png' : mime);

/** @throws RejectedPicture when the bytes are not a picture, or have another type than declared. */
export async function checkType(bytes: Buffer, declaredType: string): Promise<void> {
  const found = await fileTypeFromBuffer(bytes);
  if (!found?.mime.startsWith('image/')) throw new RejectedPicture('not-an-image');
  if (typeOf(found.mime) !== declaredType) throw new RejectedPicture('type-mismatch');
}

/**
 * Encodes both public sizes as WebP: the first frame, upright, in sRGB, no larger than the original, without its
 * metadata. Errors in the file that browsers tolerate are tolerated here, too.
 *
 * @throws RejectedPicture when the header says more pixels than the limit (nothing is decoded then), and for bytes that
 * are truncated or that no browser shows.
 */
export async function renditions(file: Buffer): Promise<Renditions> {
  try {
    const bytes = withWholeColours(file);
    const { width, height, format } = await sharp(bytes, { limitInputPixels: false }).metadata();
    if (width * height > maxPixels) throw new RejectedPicture('too-many-pixels');
    return format === 'png' ? await renditionsOfPng(bytes) : await both({ bytes, ...nowhere });
  } catch (error) {
    throw error instanceof RejectedPicture ? error : new RejectedPicture('not-an-image', error);
  }
}

/** The margins of a picture that fills itself. */
const nowhere = { left: 0, top: 0, right: 0, bottom: 0 };

/**
 * The decoder stops after the last row of pixels, so it does not notice that the rest is missing; the decoders of the
 * other types do. It knows no animations, and compares a checksum that browsers ignore.
 */
async function renditionsOfPng(bytes: Buffer): Promise<Renditions> {
  const chunks = chunksOf(bytes);
  if (!chunks || !isSound(bytes, chunks)) throw new RejectedPicture('not-an-image');
  const frame = firstFrame(bytes, chunks) ?? { bytes, ...nowhere };
  try {
    return await both(frame);
  } catch (error) {
    const repaired = await withRightChecksum(frame.bytes, chunksOf(frame.bytes) ?? [], maxPngBytes);
    if (!repaired) throw error;
    return await both({ ...frame, bytes: repaired });
  }
}

const both = async (frame: Frame): Promise<Renditions> => ({
  large: await render(frame, largePx),
  thumbnail: await render(frame, thumbnailPx),
});

async function render({ bytes, ...margins }: Frame, sidePx: number): Promise<Buffer> {
  // `truncated`: the stricter levels, one of which is the default, refuse pictures that every browser shows, such as
  // one with a wrong number in the header of a scan.
  const picture = sharp(bytes, { failOn: 'truncated', limitInputPixels: maxPixels, sequentialRead: true });
  // Sharp would resize first: a picture with margins is made whole before.
  const whole = Object.values(margins).some((margin) => margin > 0)
    ? sharp(
        await picture
          .extend({ ...margins, background: '#0000' })
          .png()
          .toBuffer(),
      )
    : picture.autoOrient();
  return await whole
    .resize({ width: sidePx, height: sidePx, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 80 })
    .toBuffer();
}
