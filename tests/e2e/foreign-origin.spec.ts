/** A page of another site cannot change anything in the shop, also when its visitor is logged in here. */
import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges, tlsEdges } from '@shop/shop-client/topology-under-test.ts';

const foreign: [what: string, headers: Record<string, string>][] = [
  ['another site', { origin: 'https://example.org' }],
  ['another port of this host', { origin: 'http://127.0.0.1:1' }],
  ['a page without an origin', { origin: 'null' }],
  ['an edge of the other scheme', { origin: tlsEdges[0] }],
  ['a foreign site that sends no origin', { 'sec-fetch-site': 'cross-site' }],
  ['a sibling site that sends no origin', { 'sec-fetch-site': 'same-site' }],
];

for (const [what, headers] of foreign) {
  test(`a POST, PUT, PATCH or DELETE from ${what} is refused and changes nothing`, async () => {
    const client = new ShopClient(edges[0]);
    await client.register();
    const { body: found } = await client.get('/api/products?limit=1&inStock=true');
    const productId = found.items[0].id;
    expect((await client.put(`/api/cart/items/${productId}`, { body: { quantity: 2 } })).status).toBe(200);
    const calls: [method: string, path: string, body?: unknown][] = [
      ['POST', '/api/orders', {}],
      ['POST', '/api/auth/logout'],
      ['PUT', `/api/cart/items/${productId}`, { quantity: 3 }],
      ['PATCH', `/api/admin/products/${productId}`, { priceCents: 1 }],
      ['DELETE', '/api/cart'],
    ];
    for (const [method, path, body] of calls) {
      const reply = await client.call(method, path, { body, key: randomUUID(), headers });
      expect([method, path, reply.status, reply.body.code]).toEqual([method, path, 403, 'cross-origin']);
      expect(reply.headers['access-control-allow-origin']).toBeUndefined();
    }
    expect((await client.get('/api/auth/me')).status).toBe(200);
    expect((await client.get('/api/cart')).body.items).toMatchObject([{ productId, quantity: 2 }]);
    expect((await client.get('/api/orders')).body.items).toEqual([]);
  });
}

test('the pages of both edges, and programs without an origin, may change things', async () => {
  const client = new ShopClient(edges[0]);
  const own: Record<string, string>[] = [
    { origin: edges[0] },
    { origin: edges[1] },
    { 'sec-fetch-site': 'same-origin' },
    {},
  ];
  for (const headers of own) {
    expect((await client.call('DELETE', '/api/cart', { headers })).status).toBe(200);
  }
});
