import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { running } from '@shop/chaos/topology/topology.ts';
import { execIn } from '@shop/docker/in-container.ts';
import { dialog, test, timeline, undoNewest } from './room.ts';

const usual = 'least-connections';
const panel = (page: Page) => page.getByRole('region', { name: 'Shoppers and verdict' });
const headline = (page: Page) => panel(page).locator('.verdict-headline');
const balancing = (page: Page) => page.getByRole('button', { name: /^Balancing/ });

async function figure(page: Page, label: string): Promise<number> {
  const value = panel(page)
    .locator('dt', { hasText: new RegExp(`^${label}$`) })
    .locator('xpath=../dd');
  return Number((await value.textContent())!.replace(',', ''));
}

const edges = async () => [...(await running('edge-1')), ...(await running('edge-2'))];

/** What the nginx of each edge says, and not the page. */
const methods = async () => Promise.all((await edges()).map(({ id }) => execIn(id, 'balance')));

/** Twenty further operations of the shoppers have ended. */
async function untilMoreOperations(page: Page): Promise<void> {
  const before = await figure(page, 'Operations');
  await expect.poll(() => figure(page, 'Operations')).toBeGreaterThan(before + 20);
}

test('the balancing method changes while people shop: no operation fails, and one click takes it back', {
  tag: ['@desktop', '@nightly'],
}, async ({
  page,
  // Of its own: its verdict begins at zero.
  ownRoom: room,
}) => {
  test.slow();
  await room.enter(page);
  await expect(balancing(page)).toHaveAccessibleName('Balancing least connections');
  expect(await methods()).toEqual([usual, usual]);
  await panel(page).getByRole('button', { name: 'Start shoppers' }).click();
  await expect(headline(page)).toHaveText('Every promise is kept');
  try {
    for (const method of ['round robin', 'random two']) {
      await balancing(page).press('Enter');
      await expect(dialog(page).getByRole('button', { name: method })).toHaveAccessibleDescription(/replica/);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }))).toEqual([]);
      await dialog(page).getByRole('button', { name: method }).press('Enter');
      await expect(dialog(page)).toBeHidden();
      await expect(timeline(page).first()).toContainText(
        new RegExp(`balance by ${method.replace(' ', '-')}.*in effect`),
      );
      await expect(balancing(page)).toHaveAccessibleName(`Balancing ${method}`);
      expect(await methods()).toEqual(Array(2).fill(method.replace(' ', '-')));
      await untilMoreOperations(page);
    }
    await undoNewest(page, 'balance by random-two');
    await expect(timeline(page).first()).toContainText('undone');
    await expect(balancing(page)).toHaveAccessibleName('Balancing round robin');
    expect(await methods()).toEqual(['round-robin', 'round-robin']);
    await untilMoreOperations(page);
    expect(await page.evaluate(() => document.scrollingElement!.scrollWidth - innerWidth)).toBe(0);

    await panel(page).getByRole('button', { name: 'Stop', exact: true }).click();
    await expect(panel(page)).toContainText('They have stopped', { timeout: 90_000 });
    await expect(headline(page)).toHaveText('Every promise is kept');
    expect(await figure(page, 'Failed')).toBe(0);
  } finally {
    for (const { id } of await edges()) await execIn(id, 'balance', usual);
  }
});
