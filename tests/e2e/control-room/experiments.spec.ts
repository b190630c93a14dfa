import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Locator, type Page } from '@playwright/test';
import { containersOf } from '@shop/chaos/topology/topology.ts';
import { listContainers } from '@shop/docker/engine-api.ts';
import { labTopology } from '@shop/lab/topology.ts';
import { project } from '@shop/shop-client/topology-under-test.ts';
import { execa } from 'execa';
import { test, timeline } from './room.ts';

const panel = (page: Page) => page.getByRole('region', { name: 'Deployment, labs and scenarios' });
const headline = (page: Page) => panel(page).getByRole('status');
const printed = (page: Page) => panel(page).getByRole('region', { name: 'What it prints' });
const containers = () => listContainers(labTopology().project);

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }))).toEqual([]);
}

/**
 * Presses a button until the page says what it has done: a browser drops a call while the engine adds or removes a network
 * of the machine, and a lab has networks.
 */
async function press(button: Locator, headline: Locator, says: RegExp): Promise<void> {
  await expect(async () => {
    if ((await button.isVisible()) && (await button.isEnabled())) await button.click({ timeout: 5_000 });
    await expect(headline).toHaveText(says, { timeout: 10_000 });
  }).toPass(patience);
}

/** Its claims are ratios of a hundred and more: it is about one query on one database, and the shortest of all labs. */
const lab = '12-index';
// It may build an image, and it starts the stores on a machine on which the shop runs.
const patience = { timeout: 600_000 };

test('a lab is played from the page: what it prints, its result and its end are shown; another one is stopped and leaves nothing', {
  tag: ['@desktop', '@nightly'],
}, async ({
  page,
  // Of its own: another page shows what the room has played.
  ownRoom: room,
}) => {
  test.setTimeout(1_200_000);
  const play = panel(page).getByRole('button', { name: `Play ${lab}` });
  const runs = new RegExp(`^Lab ${lab} runs$`);
  await room.enter(page);
  await panel(page).getByText('Scenarios', { exact: true }).click();
  await expect(panel(page).getByRole('button', { name: 'Play kill-primaries' })).toBeEnabled();
  await panel(page).getByText('Labs', { exact: true }).click();
  await press(play, headline(page), runs);
  await expect(timeline(page).first()).toContainText(new RegExp(`lab ${lab}.*under way`));
  await expect(panel(page).getByRole('button', { name: 'Play kill-primaries' })).toBeDisabled();
  await expect(printed(page)).toContainText('Starting the stores', patience);
  await expect.poll(async () => (await containers()).length, patience).toBeGreaterThan(0);

  await expect(headline(page)).toHaveText(/passed|did not pass/, patience);
  // Each claim of the lab has a line in its result; one that fails on a busy machine is said.
  await expect(printed(page)).toContainText(/[✔✖] p50 without an index ÷ p50 with it: [\d.,]+/);
  await expect(printed(page)).toContainText('rows looked at');
  const failed = (await printed(page).textContent())!.includes('✖');
  await expect(headline(page)).toHaveText(failed ? /did not pass/ : /passed: every claim holds/);
  await expect(timeline(page).first()).toContainText(failed ? 'failed' : 'done');
  expect(await containers()).toEqual([]);
  await expectNoViolations(page);

  await press(play, headline(page), runs);
  await expect.poll(async () => (await containers()).length, patience).toBeGreaterThan(0);
  const stop = panel(page).getByRole('button', { name: 'Stop it' });
  await press(stop, headline(page), /puts everything back|was stopped/);
  await expect(headline(page)).toHaveText(`Lab ${lab} was stopped`, patience);
  expect(await containers()).toEqual([]);
  await expect(timeline(page).first()).toContainText('You stopped it.');
  await expectNoViolations(page);
});

test('a deployment is started from the page, and replaces each container that is not up to date', {
  tag: ['@desktop', '@nightly'],
}, async ({ page, ownRoom: room }) => {
  test.setTimeout(600_000);
  const workers = async () => (await containersOf('worker')).map(({ id }) => id);
  const sound = (await workers()).length;
  // Another share of traced requests: the workers are then not what this folder describes.
  const deployWorkers = (env: NodeJS.ProcessEnv = {}) =>
    execa('npm', ['run', 'deploy', '--', '--project', project, '--only', 'worker'], { env });
  try {
    await deployWorkers({ OTEL_TRACES_SAMPLER_ARG: '0.06' });
    const old = await workers();
    await room.enter(page);
    await panel(page).getByText('Deployment', { exact: true }).click();
    await press(
      panel(page).getByRole('button', { name: 'Start deploy' }),
      headline(page),
      /^Deployment is (?:under way|done)/,
    );
    await expect(headline(page)).toHaveText('Deployment is done: the version of the folder serves', patience);
    await expect(printed(page)).toContainText('Rolling worker');
    await expect(timeline(page).first()).toContainText(/deployment deploy.*done/);
    const now = await workers();
    expect(now).toHaveLength(sound);
    expect(now.filter((id) => old.includes(id))).toEqual([]);
    await expectNoViolations(page);
  } finally {
    await deployWorkers();
  }
});

test('a scenario is played on the shop of the page, and its verdict is shown', {
  tag: ['@desktop', '@nightly'],
}, async ({ page, ownRoom: room }) => {
  test.setTimeout(900_000);
  const scenario = 'kill-primaries';
  await room.enter(page);
  await panel(page).getByText('Scenarios', { exact: true }).click();
  const play = panel(page).getByRole('button', { name: `Play ${scenario}` });
  await press(play, headline(page), new RegExp(`^Scenario ${scenario} runs$`));
  await expect(printed(page)).toContainText(`${scenario}, seed`, patience);
  await expect(headline(page)).toHaveText(/passed|did not pass/, patience);
  await expect(printed(page)).toContainText('✔ every operation succeeds within 30 s');
  await expect(headline(page)).toHaveText(`Scenario ${scenario} passed: every claim holds`);
  await expect(timeline(page).first()).toContainText(new RegExp(`scenario ${scenario}.*done`));
  await expectNoViolations(page);
});
