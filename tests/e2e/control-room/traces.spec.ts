import { randomBytes, randomUUID } from 'node:crypto';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { unpause } from '@shop/chaos/faults/pause.ts';
import { find } from '@shop/chaos/topology/targets.ts';
import { makeItems } from '@shop/chaos/workload/items.ts';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import { strike, test, undoNewest } from './room.ts';

const panel = (page: Page) => page.getByRole('region', { name: 'One request' });
const rows = (page: Page) => panel(page).getByRole('list', { name: 'Waterfall' }).getByRole('listitem');

/** Spans arrive some seconds after their end. */
const patience = { timeout: 60_000 };

/** A traced order. @returns the id of its request. */
async function placeOrder(): Promise<string> {
  const [item] = await makeItems(edges[0], 1);
  const client = new ShopClient(edges[0]);
  await client.register();
  const requestId = randomUUID();
  const traceparent = `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
  const { status } = await client.post('/api/orders', {
    key: randomUUID(),
    body: { items: [{ productId: item!.id, quantity: 1 }] },
    headers: { 'x-request-id': requestId, traceparent },
  });
  expect(status).toBe(201);
  return requestId;
}

test('an order is a waterfall from the API to the provider and the mail', async ({ page, room }, {
  project,
}) => {
  const requestId = await placeOrder();
  await room.enter(page);
  await panel(page).getByLabel('Request id').fill(requestId);
  await panel(page).getByRole('button', { name: 'Show' }).click();

  const row = (words: string) => rows(page).filter({ hasText: words });
  await expect(row('worker: send mail, ')).toHaveCount(1, patience);
  await expect(row('payments: POST /captures, ')).toHaveCount(1, patience);
  await expect(row('worker: job payment.capture, ')).toHaveCount(1, patience);
  await expect(rows(page).first()).toContainText(/^api: POST \/api\/orders, [\d.,]+ ms, after 0 ms/);
  await expect(panel(page).getByRole('status')).toContainText(
    /answered after .*, everything done after .*api.*worker/,
  );

  // The mail is sent after the order has committed, and so later than the event was written.
  const beginOf = async (words: string) =>
    Number(/after ([\d.,]+) ms/.exec((await row(words).textContent())!)![1]!.replaceAll(',', ''));
  expect(await beginOf('worker: send mail, ')).toBeGreaterThan(await beginOf('api: sql insert_events, '));
  await expect(rows(page).first().locator('rect')).toHaveCount(1);

  const { violations } = await new AxeBuilder({ page }).include('.traces').analyze();
  expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }))).toEqual([]);
  expect(await page.evaluate(() => document.scrollingElement!.scrollWidth - innerWidth)).toBe(0);
  await panel(page).screenshot({ path: `test-results/waterfall-${project.name}.png` });
});

test('the slowest requests of the last minute are listed, and a click shows one', {
  tag: '@desktop',
}, async ({ page, room }) => {
  await placeOrder();
  await room.enter(page);
  const order = panel(page)
    .getByRole('button', { name: /^POST \/api\/orders/ })
    .first();
  await expect(order).toBeVisible(patience);
  await order.click();
  await expect(rows(page).first()).toContainText('api: POST /api/orders', patience);
});

test('a store of traces that does not answer is said', { tag: '@desktop' }, async ({ page, room }) => {
  const store = await find('traces');
  await room.enter(page);
  await expect(panel(page).getByRole('heading', { name: 'The slowest of the last minute' })).toBeVisible(
    patience,
  );
  try {
    await strike(page, store, 'Pause');
    await expect(panel(page).getByRole('status')).toHaveText(
      'The store of traces does not answer.',
      patience,
    );
    await undoNewest(page);
    await expect(panel(page).getByRole('heading', { name: 'The slowest of the last minute' })).toBeVisible(
      patience,
    );
  } finally {
    await unpause(store);
  }
});
