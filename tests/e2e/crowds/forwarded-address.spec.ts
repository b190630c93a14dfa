/** A client cannot choose the address that it is counted under. */
import { expect, test } from '@playwright/test';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';

test('700 calls at once, each with a forwarded address of its own, meet the limit by address', async () => {
  const client = new ShopClient(edges[0]);
  const replies = await Promise.all(
    Array.from({ length: 700 }, (_, n) => {
      const address = `198.51.${n % 100}.${Math.floor(n / 100) + 1}`;
      const headers = {
        'x-forwarded-for': address,
        'x-real-ip': address,
        forwarded: `for=${address}`,
        'x-client-ip': address,
      };
      // Counted by the API, and cheap to answer.
      return client.call('GET', '/api/nothing', { headers });
    }),
  );
  const statuses = replies.map(({ status }) => status);
  expect(statuses.filter((status) => status !== 404 && status !== 429)).toEqual([]);
  const refused = replies.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  for (const { headers, body } of refused) {
    expect(body.code).toMatch(/^(rate-limited|overloaded)$/);
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
  }
  expect(refused.some(({ body }) => body.code === 'rate-limited')).toBe(true);
});
