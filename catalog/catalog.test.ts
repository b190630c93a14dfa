import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { slugPattern } from '@shop/contracts/values.ts';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { type CatalogProduct, catalogDate, categories, products, reviewPhrases } from './catalog.ts';
import { renderPicture } from './picture.ts';

const twoYearsMs = 2 * 365 * 24 * 3_600_000;
const countBy = <T>(items: T[], key: (item: T) => string) => Map.groupBy(items, key);

describe('the catalogue', () => {
  test('is as large as a real shop and leaves no category empty', () => {
    expect(products.length).toBeGreaterThanOrEqual(320);
    expect(categories.length).toBeGreaterThanOrEqual(10);
    const byCategory = countBy(products, ({ category }) => category);
    expect([...byCategory.keys()].sort()).toEqual(categories.map(({ id }) => id).sort());
    for (const items of byCategory.values()) expect(items.length).toBeGreaterThanOrEqual(10);
  });

  test('never uses a slug, a name or a description twice', () => {
    for (const field of ['slug', 'name', 'description'] as const) {
      const repeated = [...countBy(products, (product) => product[field])].filter(
        ([, same]) => same.length > 1,
      );
      expect(repeated, field).toEqual([]);
    }
  });

  test('is complete and sensible for every product', () => {
    for (const product of products) expectSensible(product);
  });
});

test('customers have something to say about every category', () => {
  const ids = categories.map(({ id }) => id).sort();
  expect(Object.keys(reviewPhrases.praise).sort()).toEqual(ids);
  expect(Object.keys(reviewPhrases.criticism).sort()).toEqual(ids);
  expect(Object.keys(reviewPhrases.openings)).toEqual(['1', '2', '3', '4', '5']);
});

function expectSensible(product: CatalogProduct): void {
  expect(product.slug, product.slug).toMatch(new RegExp(slugPattern));
  expect(product.description.match(/[.!?](\s|$)/g)?.length, product.slug).toBeGreaterThanOrEqual(2);
  expect(product.priceCents, product.slug).toBeGreaterThanOrEqual(100);
  expect(Number.isInteger(product.priceCents) && Number.isInteger(product.stock), product.slug).toBe(true);
  expect(product.stock, product.slug).toBeGreaterThanOrEqual(0);
  const ageMs = catalogDate.getTime() - Date.parse(product.createdAt);
  expect(ageMs, product.slug).toBeGreaterThanOrEqual(0);
  expect(ageMs, product.slug).toBeLessThanOrEqual(twoYearsMs);
}

test('a picture comes in both widths, small enough for a list of a hundred', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pictures-'));
  try {
    await renderPicture(folder, 'croissant', '🥐', 38);
    expect((await readdir(folder)).sort()).toEqual(['croissant-320.webp', 'croissant-640.webp']);
    for (const width of [320, 640]) {
      const path = join(folder, `croissant-${width}.webp`);
      expect(await sharp(path).metadata()).toMatchObject({ format: 'webp', width, height: width });
      expect((await stat(path)).size).toBeLessThan(25_000);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
