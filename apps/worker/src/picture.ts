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

/** Bytes that will never become a picture, whoever tries. */
export class RejectedPicture extends Error {
  override name = 'RejectedPicture';
  readonly reason: Rejection;

  constructor(reason: Rejection, cause?: unknown) {
    super(reason, { cause });
    this.reason = reason;
  }
}

/** @throws RejectedPicture when the bytes are no picture, or one of another type than was declared. */
export async function checkType(bytes: Buffer, declaredType: string): Promise<void> {
  const found = await fileTypeFromBuffer(bytes);
  if (!found?.mime.startsWith('image/')) throw new RejectedPicture('not-an-image');
  if (found.mime !== declaredType) throw new RejectedPicture('type-mismatch');
}

/**
 * Encodes both public sizes as WebP: upright, no larger than the original, without its metadata.
 *
 * @throws RejectedPicture for more pixels than we decode, said by the header before anything is decoded, or for bytes
 *   that end or break in the middle.
 */
export async function renditions(bytes: Buffer): Promise<{ large: Buffer; thumbnail: Buffer }> {
  try {
    const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
    if (width * height > maxPixels) throw new RejectedPicture('too-many-pixels');
    return { large: await render(bytes, largePx), thumbnail: await render(bytes, thumbnailPx) };
  } catch (error) {
    throw error instanceof RejectedPicture ? error : new RejectedPicture('not-an-image', error);
  }
}

async function render(bytes: Buffer, sidePx: number): Promise<Buffer> {
  return await sharp(bytes, { limitInputPixels: maxPixels, sequentialRead: true })
    .autoOrient()
    .resize({ width: sidePx, height: sidePx, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 80 })
    .toBuffer();
}
