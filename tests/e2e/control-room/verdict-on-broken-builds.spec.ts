import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { running } from '@shop/chaos/topology/topology.ts';
import { container } from '@shop/docker/engine-api.ts';
import { test } from './room.ts';

const panel = (page: Page) => page.getByRole('region', { name: 'Shoppers and verdict' });
/** Each of three replicas is started, serves at both edges, and one of before is drained. */
const rolled = { timeout: 400_000 };
const choices = (page: Page) => panel(page).getByText('Would the verdict say no?');

/** What each API replica has switched off, by the engine and not by the page. */
async function switchedOff(): Promise<string[]> {
  const replicas = await Promise.all((await running('api')).map(({ id }) => container(id).inspect()));
  return replicas.map(({ Config }) =>
    Config.Env.find((line) => line.startsWith('BROKEN_VARIANT='))!.slice(15),
  );
}

test('the broken builds say what they lack and what then happens, and fit on the page', async ({
  page,
  room,
}) => {
  await room.enter(page);
  await choices(page).click();
  const buttons = panel(page).getByRole('button', { name: /^Switch on: / });
  await expect(buttons).toHaveCount(4);
  for (const button of await buttons.all()) await expect(button).toHaveAccessibleDescription(/\.$/);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }))).toEqual([]);
  expect(await page.evaluate(() => document.scrollingElement!.scrollWidth - innerWidth)).toBe(0);
});

test('a broken build that is switched on turns the verdict red, and one click brings the sound build back', {
  tag: '@desktop',
}, async ({
  page,
  // Of its own: the next test's verdict begins anew.
  ownRoom: room,
}) => {
  // Two deployments of three replicas.
  test.setTimeout(1_200_000);
  const headline = panel(page).locator('.verdict-headline');
  await room.enter(page);
  await panel(page).getByRole('button', { name: 'Start shoppers' }).click();
  await expect(headline).toHaveText('Every promise is kept');

  await choices(page).click();
  await panel(page).getByRole('button', { name: 'Switch on: Sessions in the memory of a replica' }).click();
  const state = panel(page).locator('.broken-build');
  await expect(state).toContainText('A broken build is on.', rolled);
  await expect(headline).toHaveText('A promise is broken');
  await expect(panel(page).getByRole('list', { name: 'Counterexamples' })).toContainText('@example.com');
  expect(await switchedOff()).toEqual(Array(3).fill('sessions-in-memory'));

  await state.getByRole('button', { name: 'Switch off' }).click();
  await expect(choices(page)).toBeVisible(rolled);
  await panel(page).getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(panel(page)).toContainText('They have stopped', { timeout: 90_000 });
  expect(await switchedOff()).toEqual(Array(3).fill(''));
});
