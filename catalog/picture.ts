import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { backdrop, place } from './backdrop.ts';
import { pictureWidths } from './catalog.ts';

const assets = join(
  dirname(fileURLToPath(import.meta.resolve('@lobehub/fluent-emoji-3d/package.json'))),
  'assets',
);
const frame = Math.max(...pictureWidths);

/**
 * The object of an emoji as WebP with transparency, 256 px wide.
 * The set names its files by code points, with or without the variation selector FE0F.
 */
async function readEmoji(emoji: string): Promise<Buffer> {
  const file = [...emoji].map((character) => character.codePointAt(0)!.toString(16)).join('-');
  return await readFile(join(assets, `${file}.webp`)).catch(() =>
    readFile(join(assets, `${file}-fe0f.webp`)),
  );
}

/** Writes `<folder>/<name>-<width>.webp` in every width: the object on the backdrop of its category. */
export async function renderPicture(folder: string, name: string, emoji: string, hue: number): Promise<void> {
  // Trimmed, because the set leaves margins of its own: an object fills the frame by its own size only.
  const { data, info } = await sharp(await readEmoji(emoji))
    .trim({ threshold: 2 })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const box = place(info, frame);
  const object = await sharp(data, { raw: info })
    .resize(box.width, box.height, { fit: 'fill' })
    .png({ compressionLevel: 0 })
    .toBuffer();
  const picture = await sharp(Buffer.from(backdrop(frame, hue, box)))
    .composite([{ input: object, left: box.left, top: box.top }])
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  for (const width of pictureWidths) {
    await sharp(picture.data, { raw: picture.info })
      .resize(width)
      // 90: below it the soft gradients show bands. Even so a picture takes about 10 kB at 640 px. `smartSubsample` would take
      // two and a half times the processor time, for edges that look the same at these sizes.
      .webp({ quality: 90, effort: 3 })
      .toFile(join(folder, `${name}-${width}.webp`));
  }
}
