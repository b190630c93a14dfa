import type { OpenAPIV3_1 } from 'openapi-types';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, buildTestApp } from '../../testing/app.ts';
import type { TestClient } from '../../testing/client.ts';
import { makeProduct, signUpAdmin } from '../../testing/factories.ts';

let app: App;
let admin: TestClient;
let lists: string[];
let foreign: string;
beforeAll(async () => {
  app = await buildTestApp();
  admin = (await signUpAdmin(app)).client;
  const { id } = await makeProduct(app);
  const { paths } = (await admin.get('/api/openapi.json')).json() as OpenAPIV3_1.Document;
  lists = Object.entries(paths ?? {})
    .filter(([, calls]) => calls?.get?.parameters?.some((each) => 'name' in each && each.name === 'cursor'))
    .map(([path]) => path.replace('{id}', id));
  // Of a list of products, in an order that is not the default.
  await makeProduct(app);
  foreign = (await admin.get('/api/products?sort=name&limit=1')).json().nextCursor;
});
afterAll(() => app.close());

describe('every list', () => {
  it('refuses a cursor that is not its own, and names the field', async () => {
    expect(lists.length).toBeGreaterThanOrEqual(8);
    expect(foreign).toMatch(/\./);
    const cursors = ['', 'x', 'a.b', '%00', '%FF', foreign, `${foreign}=`, `${foreign}.`, 'a'.repeat(1_001)];
    for (const list of lists) {
      for (const cursor of cursors) {
        const response = await admin.get(`${list}?limit=1&cursor=${cursor}`);
        expect([list, cursor, response.json()]).toEqual([
          list,
          cursor,
          expect.objectContaining({
            status: 400,
            code: 'invalid-cursor',
            errors: [expect.objectContaining({ path: '/query/cursor' })],
          }),
        ]);
      }
    }
  });
});
