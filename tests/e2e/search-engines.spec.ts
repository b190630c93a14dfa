/** What the edge tells a search engine: which pages exist, which do not, and which are private. */
import { expect, test } from '@playwright/test';
import { edges, get } from './edge-client.ts';

const pathsIn = (sitemap: string) =>
  [...sitemap.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address]) => new URL(address ?? '').pathname);

for (const { http, https } of edges) {
  test(`the sitemap of ${http} names its own pages, all of which there are`, async () => {
    const { status, headers, body } = await get(http, '/sitemap.xml');
    expect([status, headers['content-type']]).toEqual([200, expect.stringMatching(/^application\/xml/)]);
    expect(headers['x-cache']).toMatch(/^(HIT|MISS)$/);
    const { items: categories } = JSON.parse((await get(http, '/api/categories')).body);
    const paths = pathsIn(body);
    expect(paths.slice(0, categories.length + 1)).toEqual([
      '/',
      ...categories.map(({ id }: { id: string }) => `/category/${id}`),
    ]);
    const products = paths.slice(categories.length + 1);
    expect(products.length).toBeGreaterThan(400);
    for (const address of body.match(/<loc>[^<]+/g) ?? []) expect(address).toContain(`<loc>${http}/`);
    for (const path of [paths[0], paths[1], products[0], products.at(-1)]) {
      expect([path, (await get(http, path ?? '')).status]).toEqual([path, 200]);
    }
    expect(https).not.toBe(http);
  });

  test(`robots.txt of ${http} names the sitemap`, async () => {
    const { body } = await get(http, '/robots.txt');
    expect(body).toContain(`\nSitemap: ${http}/sitemap.xml\n`);
    expect(body).toContain('\nDisallow: /checkout\n');
  });

  test(`the page of what ${http} does not know is 404, and shows the shop all the same`, async () => {
    for (const path of [
      '/product/no-such-product',
      '/product/0197c0de-0000-7000-8000-000000000000',
      '/product/no_slug',
      `/product/${'x'.repeat(300)}`,
      '/category/no-such-category',
      '/category/No_Category',
    ]) {
      const { status, headers, body } = await get(http, path, { accept: 'text/html' });
      expect([path, status]).toEqual([path, 404]);
      expect(headers['content-type']).toContain('text/html');
      expect(headers['content-security-policy']).toContain("script-src 'self';");
      expect(body).toContain('<div id="root">');
    }
  });
}

test('a page leaves in the cache what it is about', async () => {
  const { items } = JSON.parse((await get(edges[0].http, '/api/products?limit=1&sort=name')).body);
  const { slug, category } = items[0];
  for (const [path, subject] of [
    [`/product/${slug}`, `/api/products/${slug}`],
    [`/category/${category}`, `/api/categories/${category}`],
  ] as const) {
    // A copy lasts two seconds at most: after a longer pause no call before has left this one.
    await expect
      .poll(
        async () => {
          expect((await get(edges[0].http, path, { accept: 'text/html' })).status).toBe(200);
          return (await get(edges[0].http, subject)).headers['x-cache'];
        },
        { intervals: [2_500], timeout: 20_000 },
      )
      .toBe('HIT');
  }
});
