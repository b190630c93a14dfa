import { createHash } from 'node:crypto';
import { SeededRandom } from '@shop/load/choice.ts';
import sharp from 'sharp';

/** A small PNG that no other upload has: its content comes from the seed. */
export async function pictureOf(seed: number): Promise<{ bytes: Buffer; sha256: string }> {
  const random = new SeededRandom(seed);
  const side = 48;
  const pixels = Buffer.from(Array.from({ length: side * side * 3 }, () => random.integer(0, 255)));
  const bytes = await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}
