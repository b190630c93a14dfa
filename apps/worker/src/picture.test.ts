import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type Corner, corners, type OddPicture, oddPictures } from '../testing/odd-pictures.ts';
import { checkType, RejectedPicture, renditions } from './picture.ts';

const upright: Corner[] = ['red', 'green', 'blue', 'white'];

/** The colours in the middles of the four quarters, row by row, each as three numbers from 0 to 255. */
async function quarters(picture: Buffer): Promise<number[][]> {
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return [0.25, 0.75].flatMap((y) =>
    [0.25, 0.75].map((x) => {
      const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
      return [...data.subarray(at, at + 3)];
    }),
  );
}

/** The largest difference of one channel. JPEG and WebP change colours by a few steps. */
const difference = (a: number[], b: number[]) => Math.max(...a.map((value, n) => Math.abs(value - b[n]!)));

async function expectLooks(picture: Buffer, looks: OddPicture['looks']): Promise<void> {
  const shown = await quarters(picture);
  if (looks === 'damaged') return;
  if (looks === 'grey') {
    for (const [red = 0, green = 0, blue = 0] of shown)
      expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThan(5);
    return;
  }
  if (looks === 'framed') {
    const { data, info } = await sharp(picture).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    const at = (x: number, y: number) =>
      (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * 4;
    expect(data[at(0.1, 0.1) + 3]).toBe(0);
    for (const [n, corner] of upright.entries()) {
      const place = at(n % 2 ? 0.625 : 0.375, n > 1 ? 0.625 : 0.375);
      expect(difference([...data.subarray(place, place + 3)], corners[corner]), corner).toBeLessThan(10);
    }
    return;
  }
  const wanted = Array.isArray(looks) ? looks : upright;
  for (const [n, corner] of wanted.entries())
    expect(difference(shown[n]!, corners[corner]), `${corner}: ${shown[n]}`).toBeLessThan(
      looks === 'near' ? 50 : 10,
    );
}

describe('a picture that browsers show is taken, with the right colours and the right side up', () => {
  it.each(oddPictures.filter(({ looks }) => looks !== 'refused'))('$type: $name', async (odd) => {
    const bytes = await odd.make();
    await checkType(bytes, odd.type);
    const { large, thumbnail } = await renditions(bytes);
    for (const picture of [large, thumbnail]) {
      const { format, pages, exif, icc, xmp, orientation } = await sharp(picture).metadata();
      expect({ format, pages, exif, icc, xmp, orientation }).toEqual({ format: 'webp' });
      await expectLooks(picture, odd.looks);
    }
  });
});

describe('a picture that is truncated, or that browsers do not show, is refused', () => {
  it.each(oddPictures.filter(({ looks }) => looks === 'refused'))('$type: $name', async (odd) => {
    const bytes = await odd.make();
    const refused = renditions(bytes);
    await expect(refused).rejects.toThrow(RejectedPicture);
    await expect(refused).rejects.toMatchObject({ reason: 'not-an-image' });
  });
});

describe('a file of another type than was declared is refused', () => {
  const red = sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } });
  it.each([
    ['a JPEG as a PNG', () => red.clone().jpeg().toBuffer(), 'image/png'],
    [
      'an animated PNG as a WebP',
      oddPictures.find(({ name, type }) => type === 'image/png' && /anim/.test(name))!.make,
      'image/webp',
    ],
    ['a GIF as a PNG', () => red.clone().gif().toBuffer(), 'image/png'],
  ])('%s', async (_, make, declared) => {
    await expect(checkType(await make(), declared)).rejects.toMatchObject({ reason: 'type-mismatch' });
  });
});
