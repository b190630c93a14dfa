import { eventually } from '@shop/testing/eventually.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, buildTestApp } from '../../testing/app.ts';
import { TestClient } from '../../testing/client.ts';
import { makeProduct } from '../../testing/factories.ts';

let app: App;
let client: TestClient;
beforeAll(async () => {
  app = await buildTestApp({ edgeOrigins: ['http://shop.example:8080', 'http://other.example:8080'] });
  client = new TestClient(app);
});
afterAll(() => app.close());

const sitemap = async (host: string) => {
  const response = await client.get('/sitemap.xml', { host });
  expect([response.statusCode, response.headers['content-type']]).toEqual([200, 'application/xml']);
  return response.body;
};

it('names what is for sale, its category, and when it changed', async () => {
  const { slug, category, updatedAt } = await makeProduct(app);
  const hidden = await makeProduct(app, { active: false });
  // Any replica may answer, also one that has not replayed the product yet.
  const body = await eventually(15_000, async () => {
    const text = await sitemap('other.example:8080');
    expect(text).toContain(`/product/${slug}</loc>`);
    return text;
  });
  expect(body).toContain('<loc>http://other.example:8080/</loc>');
  expect(body).toContain(`<loc>http://other.example:8080/category/${category}</loc>`);
  expect(body).toContain(
    `<loc>http://other.example:8080/product/${slug}</loc><lastmod>${updatedAt.toISOString()}</lastmod>`,
  );
  expect(body).not.toContain(hidden.slug);
});

it('never names an address that is not ours', async () => {
  const body = await sitemap('evil.example');
  expect(body).toContain('<loc>http://shop.example:8080/</loc>');
  expect(body).not.toContain('evil');
});
