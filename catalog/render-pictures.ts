/**
 * Renders every picture of the catalogue: an object of Fluent Emoji 3D, photographed as it were in the studio of
 * one designer: same size, same light, on a backdrop in the colour of its category.
 * Usage: `node catalog/render-pictures.ts <folder>`. Runs while the edge's image is built.
 */
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import pMap from 'p-map';
import sharp from 'sharp';
import { categories, categoryPicture, pictureWidths, products } from './catalog.ts';
import { renderPicture } from './picture.ts';

const folder = process.argv[2];
if (!folder) throw new Error('Usage: node catalog/render-pictures.ts <folder>');
await mkdir(folder, { recursive: true });

const hues = new Map(categories.map(({ id, hue }) => [id, hue]));
const pictures = [
  ...categories.map(({ id, emoji, hue }) => ({ name: categoryPicture(id), emoji, hue })),
  ...products.map(({ slug, emoji, category }) => ({ name: slug, emoji, hue: hues.get(category)! })),
];
// sharp would spread each small picture over all cores; whole pictures side by side are quicker.
sharp.concurrency(1);
await pMap(pictures, ({ name, emoji, hue }) => renderPicture(folder, name, emoji, hue), {
  concurrency: availableParallelism(),
});
console.log(`${pictures.length} pictures, each ${pictureWidths.join(' and ')} px wide`);
