import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { untilPodsAreReady } from '@shop/chaos/faults/pods.ts';
import { clusterUnderTest } from '@shop/chaos/topology/cluster-under-test.ts';
import { etcdLeader, redisThatLeads } from '@shop/chaos/topology/targets.ts';
import { primaryNode } from '@shop/chaos/topology/topology.ts';
import { kubectl, podsOf } from '@shop/cluster/kubectl.ts';
import { dialog, node, strike, test, timeline, undoNewest } from '../e2e/control-room/room.ts';

/** A killed pod of the API starts within seconds on a free machine. */
const startMs = 180_000;

const pod = (name: string) => ({ id: name });
const panel = (page: Page) => page.getByRole('region', { name: 'Shoppers and verdict' });
const headline = (page: Page) => panel(page).locator('.verdict-headline');

/** What the autoscaler keeps, and not the page. */
const fewest = async () =>
  Number(
    await kubectl(clusterUnderTest(), ['get', 'hpa', 'api', '--output', 'jsonpath={.spec.minReplicas}']),
  );

test('the map and its table show every pod of the namespace, and what is not here is said', async ({
  page,
  room,
}) => {
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  const refused: string[] = [];
  page.on('response', (reply) => reply.status() >= 400 && refused.push(reply.url()));

  const pods = await untilPodsAreReady(undefined, 30);
  await room.enter(page);
  for (const { name } of pods) {
    const state = /^(migrate|seed|buckets)-/.test(name) ? 'done' : 'running';
    await expect(node(page, pod(name))).toHaveAccessibleName(new RegExp(`: ${state}.* on node-\\d in zone `));
    await expect(node(page, pod(name))).toBeVisible();
  }
  await expect(page.locator('.react-flow__node-container')).toHaveCount(pods.length);
  await expect(page.getByRole('table', { name: 'Every pod of the map' }).getByRole('row')).toHaveCount(
    pods.length + 1,
  );

  await expect(node(page, pod(await primaryNode()))).toHaveAccessibleName(/, primary,/);
  await expect(node(page, pod(await redisThatLeads()))).toHaveAccessibleName(/, primary,/);
  await expect(node(page, pod(await etcdLeader()))).toHaveAccessibleName(/, leader,/);
  const [api] = await podsOf(clusterUnderTest(), 'api');
  await expect(node(page, pod(api!.name))).toHaveAccessibleName(/, [\d.]+ % of a core, \d+ MB$/);

  for (const name of ['Alerts and error budget', 'The last 15 minutes', 'One request'])
    await expect(page.getByRole('region', { name })).toContainText('None here: the chart has no ');
  await expect(page.getByRole('region', { name: 'Deployment, labs and scenarios' })).toContainText(
    'None here: ',
  );
  await expect(page.getByRole('button', { name: /^Balancing/ })).toHaveCount(0);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }))).toEqual([]);
  expect([complaints, refused]).toEqual([[], []]);
});

test('a pod that is killed by a click while shoppers shop goes down and comes back, and nothing is lost', async ({
  page,
  room,
}) => {
  const [victim] = await untilPodsAreReady('api', 3);
  await room.enter(page);
  await panel(page).getByRole('slider', { name: 'Operations a second' }).fill('5');
  await panel(page).getByRole('button', { name: 'Start shoppers' }).click();
  await expect(headline(page)).toHaveText('Every promise is kept', { timeout: 60_000 });
  await expect(panel(page)).toContainText('on 3 of 3 database nodes');

  await node(page, pod(victim!.name)).click();
  await expect(dialog(page).getByRole('listitem').getByRole('button')).toHaveText(['Kill', 'Delete']);
  await page.keyboard.press('Escape');
  await strike(page, pod(victim!.name), 'Kill');
  await expect(node(page, pod(victim!.name))).toHaveAccessibleName(/: (down|starting)/);
  await expect(timeline(page).first()).toContainText(new RegExp(`SIGKILL ${victim!.name}.*done`));
  await expect(node(page, pod(victim!.name))).toHaveAccessibleName(/: running.* started again/, {
    timeout: startMs,
  });
  const after = (await podsOf(clusterUnderTest(), 'api')).find(({ name }) => name === victim!.name);
  expect(after?.containers).not.toEqual(victim!.containers);

  await panel(page).getByRole('button', { name: 'Stop' }).click();
  await expect(panel(page)).toContainText('They have stopped: you stopped them.', { timeout: 90_000 });
  await expect(headline(page)).toHaveText('Every promise is kept');
});

test('a pod that is deleted by a click drains and is gone, and another takes its place', async ({
  page,
  room,
}) => {
  const before = await untilPodsAreReady('api', 3);
  const victim = before.at(-1)!;
  await room.enter(page);
  await strike(page, pod(victim.name), 'Delete');
  await expect(node(page, pod(victim.name))).toHaveAccessibleName(/: leaving/);
  await expect(node(page, pod(victim.name))).toHaveCount(0, { timeout: startMs });
  const known = new Set(before.map(({ name }) => name));
  const [successor] = (await untilPodsAreReady('api', 3)).filter(({ name }) => !known.has(name));
  await expect(node(page, pod(successor!.name))).toHaveAccessibleName(/: running/);
});

test('the autoscaler keeps one pod more by a click, and as many as before after the undo', async ({
  page,
  room,
}) => {
  const before = await fewest();
  await untilPodsAreReady('api', before);
  await room.enter(page);
  await page.getByRole('button', { name: 'One replica more' }).click();
  try {
    await expect(page.getByRole('group', { name: 'Fewest API replicas' }).getByRole('status')).toHaveText(
      String(before + 1),
    );
    expect(await fewest()).toBe(before + 1);
    expect((await untilPodsAreReady('api', before + 1)).length).toBeGreaterThan(before);
  } finally {
    await undoNewest(page, 'scale the API');
  }
  await expect(timeline(page).first()).toContainText('undone');
  expect(await fewest()).toBe(before);
});
