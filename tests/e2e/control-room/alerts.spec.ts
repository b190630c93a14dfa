import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { startAgain } from '@shop/chaos/faults/kill.ts';
import { unpause } from '@shop/chaos/faults/pause.ts';
import { running } from '@shop/chaos/topology/topology.ts';
import { execIn } from '@shop/docker/in-container.ts';
import { openLoop } from '@shop/load/open-loop.ts';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import { strike, test, timeline } from './room.ts';

const panel = (page: Page) => page.getByRole('region', { name: 'Alerts and error budget' });
const call = (page: Page) => panel(page).getByRole('status');
const alerts = (page: Page) => panel(page).getByRole('list', { name: 'Alerts' }).getByRole('listitem');

type Sample = { metric: Record<string, string>; value: [number, string] };

/** What Prometheus answers to a query in its own language, which the control room does not use for alerts. */
async function inPrometheus(query: string): Promise<Sample[]> {
  const [prometheus] = await running('prometheus');
  const ask = ['promtool', 'query', 'instant', '-o', 'json', 'http://localhost:9090/prometheus'];
  return JSON.parse(await execIn(prometheus!.id, ...ask, query));
}

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }))).toEqual([]);
  expect(await page.evaluate(() => document.scrollingElement!.scrollWidth - innerWidth)).toBe(0);
}

/** What the page says of a budget: `99.4 % left`. */
async function budgetOnPage(page: Page, objective: string): Promise<string> {
  const budget = panel(page).locator('.budget').filter({ hasText: objective });
  return (await budget.getByRole('definition').textContent()) ?? '';
}

/** The page has a figure of every budget, and each is Prometheus' own, in percent and rounded down. */
async function expectBudgetsOfPrometheus(page: Page): Promise<void> {
  const left = await inPrometheus('objective:budget_left:ratio');
  expect(left.map(({ metric }) => metric.objective).toSorted()).toEqual(['availability', 'latency']);
  for (const { metric, value } of left) {
    const percent = Number(value[1]) * 100;
    const shown = await budgetOnPage(page, metric.objective!);
    const [, figure] = /^(−?[\d,.]+) % (?:left|missed)$/.exec(shown) ?? [];
    const read = Number(figure?.replace('−', '-').replaceAll(',', ''));
    expect(read, `${shown} of ${percent}`).toBeLessThanOrEqual(percent + 1e-6);
    expect(read, `${shown} of ${percent}`).toBeGreaterThan(percent - 0.1 - 1e-6);
  }
}

/** The page has every alert that Prometheus has, and no other. */
async function expectAlertsOfPrometheus(page: Page): Promise<void> {
  const known = await inPrometheus('ALERTS');
  const shown = await alerts(page).evaluateAll((items) =>
    items.map((item) => `${item.querySelector('strong')?.textContent} ${item.getAttribute('data-state')}`),
  );
  expect(shown.toSorted()).toEqual(
    known.map(({ metric }) => `${metric.alertname} ${metric.alertstate}`).toSorted(),
  );
}

test('a tier that has lost a container makes an alert fire on the page, with its runbook, until the container is back', {
  tag: ['@desktop', '@nightly'],
}, async ({ page, context, room }) => {
  // A rule waits for a minute, after Prometheus has noticed.
  test.slow();
  const patience = { timeout: 180_000 };
  const [, victim] = await running('worker');
  // Without requests there is no figure of the error budget.
  const traffic = new AbortController();
  const shopper = new ShopClient(edges[0]);
  const requests = openLoop({
    perSecond: 2,
    begin: () => shopper.get('/api/whoami').catch(() => {}),
    signal: traffic.signal,
  });
  await room.enter(page);
  const alert = alerts(page).filter({ hasText: 'Containers of worker that answer: 1' });
  try {
    await expect(call(page)).toHaveText(/alerts? fires?|^Not every alert is watched$/);
    await expect(alert).toHaveCount(0);
    await strike(page, victim!, 'Stop');
    await expect(alert).toContainText('pending ticket', patience);

    await expect(alert).toHaveAttribute('data-state', 'firing', patience);
    await expect(alert).toContainText(/TierNotRedundant.*ticket.*since \d\d:\d\d, \d+ min/);
    // The live region says it to a screen reader.
    await expect(call(page)).toHaveText(/^\d+ alerts? fires?: .*TierNotRedundant, ticket/);
    await expectNoViolations(page);
    await expect(async () => {
      await expectAlertsOfPrometheus(page);
      await expectBudgetsOfPrometheus(page);
    }).toPass(patience);

    const opened = context.waitForEvent('page');
    await alert.getByRole('link', { name: 'Runbook: TierNotRedundant' }).press('Enter');
    const runbook = await opened;
    await expect(runbook.getByRole('heading', { level: 1 })).toHaveText('TierNotRedundant');
    await expectNoViolations(runbook);
    await runbook.getByRole('link', { name: 'replication-lag' }).click();
    await expect(runbook.getByRole('heading', { level: 1 })).toHaveText('ReplicationLag');
    await runbook.close();

    await timeline(page)
      .first()
      .getByRole('button', { name: `Undo: stop ${victim!.name}` })
      .click();
    await expect(timeline(page).first()).toContainText('undone');
    await expect(alert).toHaveCount(0, patience);
    await expect(() => expectAlertsOfPrometheus(page)).toPass(patience);
  } finally {
    traffic.abort();
    await requests;
    await startAgain(victim!);
  }
});

test('a Prometheus that does not answer is said, and never shown as one without alerts', {
  tag: '@desktop',
}, async ({ page, room }) => {
  test.slow();
  const [prometheus] = await running('prometheus');
  await room.enter(page);
  // Prometheus computes the figures each minute.
  await expect(panel(page).locator('.budget')).toHaveCount(2, { timeout: 90_000 });
  try {
    await strike(page, prometheus!, 'Pause');
    await expect(call(page)).toHaveText('Prometheus does not answer');
    await expect(panel(page)).toContainText('is unknown');
    await expect(panel(page).locator('.budget')).toHaveCount(0);
    await expect(alerts(page)).toHaveCount(0);
    await expectNoViolations(page);
  } finally {
    await unpause(prometheus!);
  }
  await expect(panel(page).locator('.budget')).toHaveCount(2);
  await expect(call(page)).not.toHaveText('Prometheus does not answer');
});
