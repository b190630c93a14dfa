import { fileTypeFromBuffer } from 'file-type';
import sharp from 'sharp';

/** A picture of 36 million pixels, decoded whole in the worst case (interlaced, 16 bit), takes 290 MB. */
const maxPixels = 36_000_000;
const largePx = 1_200;
const thumbnailPx = 240;

// One picture at a time, and nothing kept afterwards: memory is what this container is short of.
sharp.cache(false);
sharp.concurrency(1);

export type Rejection = 'not-an-image' | 'type-mismatch' | 'too-large' | 'too-many-pixels';

/** Bytes that will never become a picture, however often the job runs. */
export class RejectedPicture extends Error {
  override name = 'RejectedPicture';
  readonly reason: Rejection;

  constructor(reason: Rejection, cause?: unknown) {
    super(reason, { cause });
    this.reason = reason;
  }
}

/** What a declared type covers, as the magic number of a file tells it: an animated PNG is a PNG, too. */
const typeOf = (mime: string): string => (mime === 'image/apng' ? 'image/png' : mime);

/** @throws RejectedPicture when the bytes are no picture, or one of another type than was declared. */
export async function checkType(bytes: Buffer, declaredType: string): Promise<void> {
  const found = await fileTypeFromBuffer(bytes);
  if (!found?.mime.startsWith('image/')) throw new RejectedPicture('not-an-image');
  if (typeOf(found.mime) !== declaredType) throw new RejectedPicture('type-mismatch');
}

/**
 * Encodes both public sizes as WebP: the first frame, upright, in sRGB, no larger than the original, without its
 * metadata. Slips that browsers overlook are overlooked here, too.
 *
 * @throws RejectedPicture for more pixels than we decode, said by the header before anything is decoded, or for bytes
 *   that no browser shows or that are truncated.
 */
export async function renditions(bytes: Buffer): Promise<{ large: Buffer; thumbnail: Buffer }> {
  try {
    const { width, height, format } = await sharp(bytes, { limitInputPixels: false }).metadata();
    if (width * height > maxPixels) throw new RejectedPicture('too-many-pixels');
    if (format === 'png' && !hasLastPngChunk(bytes)) throw new RejectedPicture('not-an-image');
    return { large: await render(bytes, largePx), thumbnail: await render(bytes, thumbnailPx) };
  } catch (error) {
    throw error instanceof RejectedPicture ? error : new RejectedPicture('not-an-image', error);
  }
}

async function render(bytes: Buffer, sidePx: number): Promise<Buffer> {
  // `truncated`: the stricter levels, one of which is the default, refuse what every browser shows, such as a wrong
  // number in the header of a scan.
  return await sharp(bytes, { failOn: 'truncated', limitInputPixels: maxPixels, sequentialRead: true })
    .autoOrient()
    .resize({ width: sidePx, height: sidePx, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 80 })
    .toBuffer();
}

/**
 * Whether a PNG goes on to its end. The decoder stops after the last row of pixels, so it does not miss what comes
 * behind; the decoders of the other types do.
 */
function hasLastPngChunk(png: Buffer): boolean {
  // A signature of 8 bytes, then chunks: length, name, data, checksum.
  for (let at = 8; at + 12 <= png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IEND') return true;
  }
  return false;
}
