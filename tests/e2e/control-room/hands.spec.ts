import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { oneOfEach } from '@shop/chaos/scenarios/scenarios.ts';
import { untilReplicasServe } from '@shop/chaos/topology/ready.ts';
import { recovered } from '@shop/chaos/topology/recovery.ts';
import { find } from '@shop/chaos/topology/targets.ts';
import { type Container, containersOf, running } from '@shop/chaos/topology/topology.ts';
import { container, listContainers } from '@shop/docker/engine-api.ts';
import { edges, project } from '@shop/shop-client/topology-under-test.ts';
import { dialog, node, strike, test, timeline, undoNewest } from './room.ts';

async function takeBack(page: Page): Promise<void> {
  await undoNewest(page);
  await expect(timeline(page).first()).toContainText('undone', { timeout: 60_000 });
}

/** What the engine says, and not the page. */
const stateOf = async ({ id, service }: Container) =>
  (await containersOf(service)).find((container) => container.id === id)?.state;

test('a replica that is killed from the map is dead, and one click brings it back', {
  tag: '@desktop',
}, async ({ page, room }) => {
  test.slow();
  const replicas = await running('api');
  const victim = replicas[1]!;
  await room.enter(page);
  await node(page, victim).click();
  await expect(dialog(page).getByRole('heading')).toHaveText(/^api/);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }))).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toBeHidden();
  expect(await stateOf(victim)).toBe('running');

  await strike(page, victim, 'Kill');
  await expect(node(page, victim)).toHaveAccessibleName(/: down, Exited \(137\)$/);
  expect(await stateOf(victim)).toBe('exited');
  await expect(timeline(page).first()).toContainText(`SIGKILL ${victim.name}`);
  await expect(timeline(page).first()).toContainText('in effect');
  await undoNewest(page, `SIGKILL ${victim.name}`);
  await expect(timeline(page).first()).toContainText('undone');
  // On a busy machine a replica takes more than half a minute to start.
  await expect(node(page, victim)).toHaveAccessibleName(/: running/, { timeout: 120_000 });
  await untilReplicasServe(edges[0], replicas.length);
});

test('pause and resume, stop and start, and a restart reach the container, with the keyboard alone', {
  tag: '@desktop',
}, async ({ page, room }) => {
  test.slow();
  const victim = await find('mail');
  await room.enter(page);
  const press = (button: string) =>
    strike(page, victim, button, (target) => target.press('Enter', { timeout: 5_000 }));
  await press('Pause');
  await expect(node(page, victim)).toHaveAccessibleName(/: paused/);
  expect(await stateOf(victim)).toBe('paused');
  await press('Resume');
  await expect(node(page, victim)).not.toHaveAccessibleName(/: paused/);
  expect(await stateOf(victim)).toBe('running');
  await press('Stop');
  await expect(node(page, victim)).toHaveAccessibleName(/: down/);
  await press('Start');
  await expect(node(page, victim)).toHaveAccessibleName(/: running/);
  await press('Restart');
  await expect(timeline(page).first()).toContainText(/restart .* *done/);
  await expect(timeline(page).first().getByRole('button')).toHaveCount(0);
  await expect(node(page, victim)).toHaveAccessibleName(/: running/);
});

test('one replica more is started, serves, and is taken away by the undo', {
  tag: ['@desktop', '@nightly'],
}, async ({ page, room }) => {
  test.slow();
  const replicas = await running('api');
  await room.enter(page);
  await page.getByRole('button', { name: 'One replica more' }).click();
  await expect(page.getByRole('group', { name: 'API replicas' }).getByRole('status')).toHaveText(
    String(replicas.length + 1),
  );
  try {
    await untilReplicasServe(edges[0], replicas.length + 1);
    await expect(timeline(page).first()).toContainText('in effect');
  } finally {
    await undoNewest(page, 'scale the API');
  }
  await expect(timeline(page).first()).toContainText('undone');
  await untilReplicasServe(edges[0], replicas.length);
  expect((await running('api')).map(({ id }) => id).toSorted()).toEqual(
    replicas.map(({ id }) => id).toSorted(),
  );
});

test('a container is cut off and slowed down, and each undo makes it whole again', {
  tag: ['@desktop', '@nightly'],
}, async ({ page, room }) => {
  test.slow();
  const victim = await find('mail');
  const inspected = () => container(victim.id).inspect();
  const networks = async () => Object.keys((await inspected()).NetworkSettings.Networks);
  const quota = async () => (await inspected()).HostConfig.CpuQuota;
  const before = await networks();
  await room.enter(page);
  await strike(page, victim, 'Cut off');
  await expect.poll(networks).toEqual([]);
  await takeBack(page);
  expect(await networks()).toEqual(before);
  await strike(page, victim, 'Slow down');
  await expect.poll(quota).toBe(5_000);
  await takeBack(page);
  expect(await quota()).toBeLessThanOrEqual(0);
});

test('one click kills one container of each kind, the shop goes on serving, and one undo brings them back', {
  tag: ['@desktop', '@nightly'],
}, async ({ page, room }) => {
  test.slow();
  const replicas = await running('api');
  const dead = async () =>
    (await listContainers(project)).filter(({ state, status }) => state === 'exited' && /137/.test(status));
  expect(await dead()).toEqual([]);
  await room.enter(page);
  await page.getByRole('button', { name: 'Kill one of each kind' }).click();
  await expect(timeline(page).first()).toContainText('in effect');
  expect((await dead()).map(({ service }) => service).toSorted()).toHaveLength(oneOfEach.length);
  await expect(page.getByText(`${oneOfEach.length} not at work`)).toBeVisible();
  expect((await fetch(`${edges[0]}/api/products`)).status).toBe(200);
  await takeBack(page);
  expect(await dead()).toEqual([]);
  await untilReplicasServe(edges[0], replicas.length);
  await recovered(await Promise.all(oneOfEach.map(find)));
});
