import { expect, type Page, test } from '@playwright/test';
import { newCustomer } from './shopper.ts';

test.use({ serviceWorkers: 'allow' });

/**
 * A release takes away the parts of the page that a tab has not loaded yet: their names carry a hash of their content.
 * It ends when the tab loads the page as a whole, as of then from the new release.
 */
async function release(page: Page): Promise<() => number> {
  let isOld = true;
  let missed = 0;
  await page.context().route('**/assets/*', async (route) => {
    if (!isOld) return await route.fallback();
    missed += 1;
    await route.fulfill({ status: 404, body: 'gone' });
  });
  page.on('request', (request) => {
    if (request.isNavigationRequest()) isOld = false;
  });
  return () => missed;
}

/** Gone after the page was loaded as a whole. */
const mark = (page: Page) => page.evaluate(() => document.documentElement.setAttribute('data-tab', 'old'));
const isMarked = (page: Page) => page.evaluate(() => document.documentElement.hasAttribute('data-tab'));
const accountLink = (page: Page) => page.getByRole('link', { name: 'Account of Robin Reader' });

test.describe('a tab that is open while there is a new release', () => {
  test.describe('and has kept nothing', () => {
    test.use({ serviceWorkers: 'block' });

    test('stays as it is until the next page, which is loaded as a whole', async ({ page }) => {
      await newCustomer(page);
      await page.goto('/cart');
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(accountLink(page)).toBeVisible();
      await mark(page);
      const missed = await release(page);
      // Coming near a link asks for the page behind it. What a shopper is doing is not taken away for that.
      await accountLink(page).focus();
      await expect.poll(missed).toBeGreaterThan(0);
      expect(await isMarked(page)).toBe(true);
      await accountLink(page).click();
      await expect(page.getByRole('heading', { name: 'Robin Reader' })).toBeVisible();
      expect(new URL(page.url()).pathname).toBe('/account');
      expect(await isMarked(page)).toBe(false);
    });
  });

  test('goes on with the parts that it has kept', async ({ page }) => {
    await newCustomer(page);
    await page.goto('/cart');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.evaluate(() => navigator.serviceWorker.ready);
    await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated');
    await mark(page);
    await release(page);
    await accountLink(page).click();
    await expect(page.getByRole('heading', { name: 'Robin Reader' })).toBeVisible();
    expect(await isMarked(page)).toBe(true);
  });
});

test('a page comes from the network whenever there is one, so that a new release shows at once', async ({
  page,
}) => {
  await page.goto('/cart');
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated');
  await page.context().route('**/login', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({
      response: answer,
      body: (await answer.text()).replace('<html', '<html data-release="new"'),
    });
  });
  await page.goto('/login');
  await expect(page.locator('html')).toHaveAttribute('data-release', 'new');
});
