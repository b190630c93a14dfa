import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Locator, type Page } from '@playwright/test';
import { unpause } from '@shop/chaos/faults/pause.ts';
import { find } from '@shop/chaos/topology/targets.ts';
import { openLoop } from '@shop/load/open-loop.ts';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import { strike, test, timeline, undoNewest } from './room.ts';

const panel = (page: Page) => page.getByRole('region', { name: 'The last 15 minutes' });
const charts = (page: Page) => panel(page).getByRole('figure');
const chart = (page: Page, title: string) =>
  panel(page).getByRole('figure', { name: new RegExp(`^${title},`) });

/** The newest value of each line that has one. */
const newest = (chart: Locator): Promise<number[]> =>
  chart
    .locator('[data-newest]')
    .evaluateAll((lines) => lines.map((line) => Number(line.getAttribute('data-newest'))));

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

// Prometheus measures every 15 or 30 s, and needs two samples for a rate.
const patience = { timeout: 120_000 };
// A test may wait for the end of the traffic of the test before it, and then for its own. Files run in the order of
// their names: those whose shoppers make traffic, `verdict*.spec.ts`, come last.
test.describe.configure({ timeout: 420_000 });

test('on a healthy shop each chart has values, also as text; a latency chart may say that it has none', async ({
  page,
  room,
}) => {
  await room.enter(page);
  await expect(charts(page)).toHaveCount(11);
  for (const figure of await charts(page).all()) {
    const title = await figure.getByRole('heading').textContent();
    if (/^p\d+ by route/.test(title!)) {
      await expect(figure.locator('[data-newest], .gap').first()).toBeVisible(patience);
    } else {
      await expect(figure.locator('[data-newest]').first(), title!).toContainText(
        /[\d,.]+, highest [\d,.]+$/,
        patience,
      );
      await expect(figure.locator('.gap')).toHaveCount(0);
      await expect(figure.locator('canvas')).toBeVisible();
    }
  }
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }))).toEqual([]);
  expect(await page.evaluate(() => document.scrollingElement!.scrollWidth - innerWidth)).toBe(0);
});

test('requests move the newest values of each replica, and an action from the page is marked on every chart', {
  tag: '@desktop',
}, async ({ page, room }) => {
  const requests = chart(page, 'Requests by replica');
  const victim = await find('mail');
  await room.enter(page);
  // Less than what is sent below, after the traffic of other tests.
  const isQuiet = async () => {
    const values = await newest(requests);
    return values.length > 0 && sum(values) < 2;
  };
  await expect.poll(isQuiet, patience).toBe(true);
  const traffic = new AbortController();
  const shopper = new ShopClient(edges[0]);
  const sent = openLoop({
    // So many that the first sample shows them.
    perSecond: 40,
    begin: () => shopper.get('/api/whoami').catch(() => {}),
    signal: traffic.signal,
  });
  try {
    await strike(page, victim, 'Pause');
    await expect(timeline(page).first()).toContainText(new RegExp(`${victim.name}.*in effect`));
    const mark = panel(page).locator('.marks li').filter({ hasText: victim.name }).last();
    await expect(mark).toContainText(/^\d+ .*\d\d:\d\d:\d\d$/);
    const id = await mark.locator('.mark-number').textContent();
    await undoNewest(page);
    await expect(timeline(page).first()).toContainText('undone');

    await expect.poll(async () => sum(await newest(requests)), patience).toBeGreaterThan(4);
    const p99 = chart(page, 'p99 by route').locator('[data-line="GET /api/whoami"]');
    await expect(p99).toHaveAttribute('data-newest', /^[\d.]+$/, patience);

    for (const figure of await charts(page).all()) {
      const line = figure.locator(`[data-action="${id}"][data-fault="true"]`);
      await expect(line).toBeVisible();
      // A minute or two ago, of fifteen.
      const place = await line.evaluate(
        (each: HTMLElement) => each.offsetLeft / each.parentElement!.offsetWidth,
      );
      expect(place).toBeGreaterThan(0.5);
      expect(place).toBeLessThanOrEqual(1);
    }
    // The pointer on one chart shows the values of that moment on all of them.
    // New values may arrive meanwhile, and the plots are then drawn anew without a pointer.
    await expect(async () => {
      await page.mouse.move(0, 0);
      await requests.locator('.u-over').hover();
      for (const figure of await charts(page).all()) {
        await expect(figure.locator('.legend-head')).toHaveText(/^\d\d:\d\d:\d\d highest$/, {
          timeout: 2_000,
        });
      }
    }).toPass(patience);
  } finally {
    traffic.abort();
    await sent;
    await unpause(victim);
  }
});
