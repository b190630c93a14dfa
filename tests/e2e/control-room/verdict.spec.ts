import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { untilReplicasServe } from '@shop/chaos/topology/ready.ts';
import { primaryNode, queryNode, running } from '@shop/chaos/topology/topology.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import { node, test } from './room.ts';

const panel = (page: Page) => page.getByRole('region', { name: 'Shoppers and verdict' });
const headline = (page: Page) => panel(page).locator('.verdict-headline');

/** A figure of the verdict by its label. */
async function figure(page: Page, label: string): Promise<number> {
  const value = panel(page)
    .locator('dt', { hasText: new RegExp(`^${label}$`) })
    .locator('xpath=../dd');
  return Number((await value.textContent())!.replace(',', ''));
}

/** What the tables have, and not the page: the orders of products that went on sale since then. */
async function ordersSince(date: Date): Promise<number> {
  const [[count] = []] = await queryNode(
    await primaryNode(),
    `SELECT count(DISTINCT l.order_id) FROM order_lines l JOIN products p ON p.id = l.product_id
      WHERE p.slug LIKE 'chaos-%' AND p.created_at > '${date.toISOString()}'`,
  );
  return Number(count);
}

test('shoppers shop while a replica is killed by a click: it comes back, and nothing is lost', async ({
  page,
  room,
}) => {
  const replicas = await running('api');
  const victim = replicas[1]!;
  const begunAt = new Date();
  await room.enter(page);
  await expect(headline(page)).toHaveText('No shoppers yet');
  await panel(page).getByRole('slider', { name: 'Operations a second' }).fill('6');
  await panel(page).getByText('Buying').click();
  await panel(page).getByRole('button', { name: 'Start shoppers' }).click();
  await expect(headline(page)).toHaveText('Every promise is kept');
  await expect.poll(() => figure(page, 'Orders compared')).toBeGreaterThan(0);
  await expect(panel(page)).toContainText('on 3 of 3 database nodes');

  await node(page, victim).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Kill', exact: true }).click();
  await expect(node(page, victim)).toHaveAccessibleName(/: down/);
  await expect(panel(page).locator('.fault-figures')).toContainText(`SIGKILL ${victim.name}`);
  const inTimeline = page.getByRole('region', { name: 'What you did' }).getByRole('listitem').first();
  await expect(inTimeline).toContainText(/Fault: (no shopper has felt it|shoppers fe(el|lt) it for)/);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }))).toEqual([]);
  expect(await page.evaluate(() => document.scrollingElement!.scrollWidth - innerWidth)).toBe(0);
  await inTimeline.getByRole('button', { name: /^Undo/ }).click();
  // On a busy machine a replica takes more than half a minute to start.
  await expect(node(page, victim)).toHaveAccessibleName(/: running/, { timeout: 120_000 });
  await untilReplicasServe(edges[0], replicas.length);

  await panel(page).getByRole('button', { name: 'Stop' }).click();
  await expect(panel(page)).toContainText('They have stopped: you stopped them.', { timeout: 90_000 });
  await expect(headline(page)).toHaveText('Every promise is kept');
  for (const label of ['Failed', 'Lost orders', 'Doubled orders', 'Stale reads', 'Lost logins'])
    expect([label, await figure(page, label)]).toEqual([label, 0]);
  const acknowledged = await figure(page, 'Orders acknowledged');
  expect(acknowledged).toBeGreaterThan(0);
  expect(await figure(page, 'Orders compared')).toBe(acknowledged);
  expect(await ordersSince(begunAt)).toBe(acknowledged);
});
