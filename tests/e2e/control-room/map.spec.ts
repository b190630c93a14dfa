import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { kill, startAgain } from '@shop/chaos/faults/kill.ts';
import { pause, unpause } from '@shop/chaos/faults/pause.ts';
import { untilReplicasServe } from '@shop/chaos/topology/ready.ts';
import { find } from '@shop/chaos/topology/targets.ts';
import { type Container, running } from '@shop/chaos/topology/topology.ts';
import { listContainers } from '@shop/docker/engine-api.ts';
import { usageOf } from '@shop/docker/usage.ts';
import { edges, project } from '@shop/shop-client/topology-under-test.ts';
import { isNetworkChange } from '../network-change.ts';
import { node, test } from './room.ts';

/** A container's name on the page: without the project, and without a number where it is alone. */
const nameOn = ({ name }: Container) => name.slice(project.length + 1).replace(/-1$/, '(-1)?');
const row = (page: Page, container: Container) =>
  page.getByRole('row', { name: new RegExp(`^${nameOn(container)} `) });

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }))).toEqual([]);
}

test('the map and its table show every container of the project, with its role and what it uses', async ({
  page,
  room,
}) => {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !isNetworkChange(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await room.enter(page);
  const containers = await listContainers(project);
  expect(containers.length).toBeGreaterThan(30);
  for (const container of containers) {
    const state = container.state === 'running' ? 'running' : 'done';
    await expect(node(page, container)).toHaveAccessibleName(new RegExp(`^${nameOn(container)}: ${state}`));
    await expect(node(page, container)).toBeVisible();
    await expect(row(page, container)).toContainText(state);
  }
  await expect(page.locator('.react-flow__node-container')).toHaveCount(containers.length);
  await expect(page.getByRole('table', { name: 'Every container of the map' }).getByRole('row')).toHaveCount(
    containers.length + 1,
  );

  const roles = { 'db-primary': 'primary', 'redis-primary': 'primary', 'etcd-leader': 'leader' } as const;
  for (const [target, role] of Object.entries(roles) as [keyof typeof roles, string][])
    await expect(node(page, await find(target))).toHaveAccessibleName(new RegExp(`, ${role},`));
  await expect(node(page, await find('db-replica'))).toHaveAccessibleName(/, replica,/);

  // Prometheus measures a replica for the second time 15 s after the first.
  const [replica] = await running('api');
  await expect(node(page, replica!)).toHaveAccessibleName(/, [\d.,]+ % of a core, .*requests? per second$/, {
    timeout: 60_000,
  });
  const label = (await node(page, replica!).getAttribute('aria-label'))!;
  const { memoryBytes } = await usageOf(replica!.id);
  expect(Number(/(\d+) MB/.exec(label)![1]) * 1e6).toBeGreaterThan(memoryBytes * 0.7);
  expect(Number(/(\d+) MB/.exec(label)![1]) * 1e6).toBeLessThan(memoryBytes * 1.3);

  await expectNoViolations(page);
  expect(await page.evaluate(() => document.scrollingElement!.scrollWidth - innerWidth)).toBe(0);
  expect(complaints).toEqual([]);
});

test('a replica that is killed turns down on the open page, and comes back', {
  tag: ['@desktop', '@nightly'],
}, async ({ page, room }) => {
  test.slow();
  await room.enter(page);
  const replicas = await running('api');
  const victim = replicas[1]!;
  await expect(node(page, victim)).toHaveAccessibleName(/: running/);
  await expect(page.getByText('all of them')).toBeVisible();
  try {
    await kill(victim);
    await expect(node(page, victim)).toHaveAccessibleName(/: down, Exited \(137\)$/);
    await expect(row(page, victim)).toContainText('down');
    await expect(page.getByText('1 not at work')).toBeVisible();
    await expectNoViolations(page);
  } finally {
    await startAgain(victim);
    await untilReplicasServe(edges[0], replicas.length);
  }
  await expect(node(page, victim)).toHaveAccessibleName(/: running/);
  await expect(row(page, victim)).toContainText('running');
  await expect(page.getByText('all of them')).toBeVisible();
});

test('a frozen container is shown as paused while all others stay live', { tag: '@desktop' }, async ({
  page,
  room,
}) => {
  await room.enter(page);
  const victim = await find('db-replica');
  try {
    await pause(victim);
    await expect(node(page, victim)).toHaveAccessibleName(/: paused/);
    await expect(page.getByRole('banner').getByRole('status')).toHaveText('Live');
  } finally {
    await unpause(victim);
  }
  // Its health check may have failed meanwhile, and succeeds again only half a minute later.
  await expect(node(page, victim)).toHaveAccessibleName(/: (running|starting|unhealthy)/);
});

test('every container of the map can be reached with the keyboard', { tag: '@desktop' }, async ({
  page,
  room,
}) => {
  await room.enter(page);
  const all = page.locator('.react-flow__node-container');
  await expect(all.first()).toBeVisible();
  const reached = new Set<string>();
  await page.getByRole('button', { name: 'One replica more' }).focus();
  for (let count = await all.count(); count > 0; count--) {
    await page.keyboard.press('Tab');
    reached.add((await page.locator('.react-flow__node:focus-within').getAttribute('data-id')) ?? '');
  }
  expect(reached).toEqual(
    new Set(await all.evaluateAll((nodes) => nodes.map((each) => each.getAttribute('data-id')))),
  );
});

test('a page whose server is frozen says that it is old, and is live again afterwards', {
  tag: '@desktop',
}, async ({ page, ownRoom }) => {
  await ownRoom.enter(page);
  await expect(page.getByRole('banner').getByRole('status')).toHaveText('Live');
  ownRoom.signal('SIGSTOP');
  await expect(page.getByRole('banner').getByRole('status')).toHaveText('No news: what you see is old');
  ownRoom.signal('SIGCONT');
  await expect(page.getByRole('banner').getByRole('status')).toHaveText('Live');
});
