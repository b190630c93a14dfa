import { randomUUID } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, buildTestApp } from '../../testing/app.ts';
import { TestClient } from '../../testing/client.ts';
import { makeProduct } from '../../testing/factories.ts';

let app: App;
beforeAll(async () => {
  app = await buildTestApp();
});
afterAll(() => app.close());

const itemPath = (productId: string) => `/api/cart/items/${productId}`;
const ifMatch = (...versions: string[]) => ({
  'if-match': versions.map((version) => `"${version}"`).join(', '),
});
const versionOf = async (client: TestClient) => (await client.get('/api/cart')).json().version as string;
const changed = { status: 412, code: 'cart-changed' };

async function aCart() {
  const [client, tea, pot] = [new TestClient(app), await makeProduct(app), await makeProduct(app)];
  const { version } = (await client.put(itemPath(tea.id), { quantity: 3 })).json();
  return { client, tea, pot, version: version as string };
}

describe('the version of a cart', () => {
  it('exists before the first change, which may name it in If-Match', async () => {
    const [client, tea] = [new TestClient(app), await makeProduct(app)];
    const version = await versionOf(client);
    const response = await client.put(itemPath(tea.id), { quantity: 1 }, ifMatch(version));
    expect(response.statusCode).toBe(200);
    const late = await client.put(itemPath(tea.id), { quantity: 2 }, ifMatch(version));
    expect(late.json()).toMatchObject(changed);
  });

  it('changes with every change, never comes back, and stays when nothing changes', async () => {
    const { client, tea, pot } = await aCart();
    const seen = [await versionOf(client)];
    for (const change of [
      () => client.put(itemPath(tea.id), { quantity: 4 }),
      () => client.put(itemPath(tea.id), { quantity: 3 }),
      () => client.post('/api/cart/items', { productId: pot.id, quantity: 1 }),
      () => client.delete(itemPath(pot.id)),
      () => client.delete('/api/cart'),
      () => client.put(itemPath(tea.id), { quantity: 3 }),
    ]) {
      seen.push((await change()).json().version);
      expect(await versionOf(client)).toBe(seen.at(-1));
    }
    expect(new Set(seen).size).toBe(seen.length);
    await client.put(itemPath(tea.id), { quantity: 3 });
    await client.delete(itemPath(pot.id));
    expect(await versionOf(client)).toBe(seen.at(-1));
  });
});

describe('If-Match', () => {
  it('accepts a change of the named version', async () => {
    const { client, tea, version } = await aCart();
    const put = await client.put(itemPath(tea.id), { quantity: 4 }, ifMatch(version));
    expect(put.json()).toMatchObject({ items: [{ quantity: 4 }] });
    const removed = await client.delete(itemPath(tea.id), ifMatch('another', put.json().version));
    expect([removed.statusCode, removed.json().items]).toEqual([200, []]);
    expect((await client.delete('/api/cart', { 'if-match': '*' })).statusCode).toBe(200);
  });

  it('refuses a change of another version, and changes nothing', async () => {
    const { client, tea, pot, version } = await aCart();
    await client.put(itemPath(pot.id), { quantity: 1 });
    const now = await versionOf(client);
    for (const response of [
      await client.put(itemPath(tea.id), { quantity: 4 }, ifMatch(version)),
      await client.put(itemPath(tea.id), { quantity: 4 }, { 'if-match': `W/"${now}"` }),
      await client.delete(itemPath(tea.id), ifMatch(version)),
      await client.delete('/api/cart', ifMatch(version)),
    ]) {
      expect(response.json()).toMatchObject(changed);
    }
    expect(await versionOf(client)).toBe(now);
  });

  it('accepts what is already so, without a key', async () => {
    const { client, tea, pot, version } = await aCart();
    await client.put(itemPath(pot.id), { quantity: 1 });
    expect((await client.put(itemPath(tea.id), { quantity: 3 }, ifMatch(version))).statusCode).toBe(200);
    expect((await client.delete(itemPath(uuid()), ifMatch(version))).statusCode).toBe(200);
    await client.delete('/api/cart');
    expect((await client.delete('/api/cart', ifMatch(version))).statusCode).toBe(200);
  });

  it('accepts a repetition under the same key, which changes nothing', async () => {
    const { client, tea, version } = await aCart();
    const headers = { ...ifMatch(version), 'idempotency-key': randomUUID() };
    expect((await client.put(itemPath(tea.id), { quantity: 4 }, headers)).statusCode).toBe(200);
    await client.put(itemPath(tea.id), { quantity: 7 });
    const again = await client.put(itemPath(tea.id), { quantity: 4 }, headers);
    expect([again.statusCode, again.json().items[0].quantity]).toEqual([200, 7]);
    // Another key is another call, although the line already has that quantity.
    const other = { ...ifMatch(version), 'idempotency-key': randomUUID() };
    expect((await client.put(itemPath(tea.id), { quantity: 7 }, other)).json()).toMatchObject(changed);
  });

  it.each(['', 'abc', '"abc', '"a b"', '"a" "b"'])('refuses the header %j', async (header) => {
    const { client, tea } = await aCart();
    const response = await client.put(itemPath(tea.id), { quantity: 4 }, { 'if-match': header });
    expect(response.json()).toMatchObject({
      status: 400,
      code: 'invalid-header',
      errors: [{ path: '/headers/if-match' }],
    });
  });
});
