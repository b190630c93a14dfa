import { randomUUID } from 'node:crypto';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { primaryNode, queryNode } from '@shop/chaos/topology/topology.ts';
import { makeItems } from '@shop/chaos/workload/items.ts';
import { openLoop } from '@shop/load/open-loop.ts';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import { dialog, test } from './room.ts';

const panel = (page: Page) => page.getByRole('region', { name: 'The slowest statements' });
const insert = 'INSERT INTO orders';

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }))).toEqual([]);
  expect(await page.evaluate(() => document.scrollingElement!.scrollWidth - innerWidth)).toBe(0);
}

/** How often the primary says that it has inserted an order. */
async function inserts(): Promise<number> {
  const [row] = await queryNode(
    await primaryNode(),
    `SELECT coalesce(sum(calls), 0) FROM pg_stat_statements WHERE query LIKE '%${insert}%RETURNING%'`,
  );
  return Number(row?.[0]);
}

/** Places orders until it is told to stop. @returns what stops it when the last order is answered. */
async function placeOrders(): Promise<() => Promise<void>> {
  const [item] = await makeItems(edges[0], 1);
  const shopper = new ShopClient(edges[0]);
  await shopper.register();
  const body = { items: [{ productId: item!.id, quantity: 1 }] };
  const traffic = new AbortController();
  const orders = openLoop({
    perSecond: 5,
    begin: () => shopper.post('/api/orders', { key: randomUUID(), body }).catch(() => {}),
    signal: traffic.signal,
  });
  return async () => {
    traffic.abort();
    await orders;
  };
}

test('orders bring their statement among the slowest, and a click shows its plan without running it', async ({
  page,
  // Of its own: it has read nothing before the orders of this test.
  ownRoom: room,
}) => {
  test.slow();
  const before = await inserts();
  const stop = await placeOrders();
  // Those of the primary; an earlier one may have been the primary within the last minutes.
  const row = panel(page)
    .getByRole('row')
    .filter({ hasText: insert })
    .filter({ hasText: await primaryNode() });
  try {
    await room.enter(page);
    // The first reading is the beginning, and the second comes ten seconds later.
    await expect(row).toBeVisible({ timeout: 120_000 });
  } finally {
    await stop();
  }
  const placed = await inserts();
  // A narrow page does not show this cell.
  const calls = Number((await row.locator('td').nth(3).textContent())!.replaceAll(',', ''));
  expect(calls).toBeGreaterThan(0);
  expect(calls).toBeLessThanOrEqual(placed - before);
  await expectNoViolations(page);

  await row.getByRole('button').press('Enter');
  await expect(dialog(page).getByRole('region', { name: 'Statement' })).toContainText(insert);
  const plan = dialog(page).getByRole('region', { name: 'Plan' });
  await expect(plan).toContainText('Insert on orders');
  await expect(plan).toContainText(/Scan .*on products/);
  await expectNoViolations(page);
  expect(await inserts()).toBe(placed);
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toBeHidden();
});
