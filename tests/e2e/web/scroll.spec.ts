import { expect, type Page, test } from '@playwright/test';
import { settled } from './shopper.ts';

const scrolledTo = (page: Page) => page.evaluate(() => Math.round(scrollY));

/** Scrolls down by hand, as far as `part` of the page's height. */
async function scrollDown(page: Page, part: number): Promise<number> {
  await settled(page);
  // Until the page has heard of it: a shopper's next step is never in the same frame.
  await page.evaluate(async (of) => {
    const heard = new Promise((resolve) => addEventListener('scroll', resolve, { once: true }));
    scrollTo(0, document.documentElement.scrollHeight * of);
    await heard;
  }, part);
  await expect.poll(() => scrolledTo(page)).toBeGreaterThan(600);
  return await scrolledTo(page);
}

for (const path of ['/', '/category/bakery', '/search?sort=name']) {
  test(`${path} is where it was after a reload`, async ({ page }) => {
    await page.goto(path);
    const before = await scrollDown(page, 0.6);
    await page.reload();
    await settled(page);
    await expect.poll(() => scrolledTo(page)).toBe(before);
  });

  test(`${path} is where it was when one comes back to it from another document`, async ({ page }) => {
    await page.goto(path);
    const before = await scrollDown(page, 0.6);
    await page.goto('/system');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.goBack();
    await settled(page);
    await expect.poll(() => scrolledTo(page)).toBe(before);
  });
}

/** How far `id` is below the upper edge of the window. */
const topOf = (page: Page, id: string) =>
  page.locator(`#${id}`).evaluate((part) => part.getBoundingClientRect().top);

test('a link to the categories leads to them, from within the page and from elsewhere', async ({ page }) => {
  await page.goto('/#categories');
  await settled(page);
  await expect(page.getByRole('heading', { name: 'Have a look around' })).toBeInViewport();
  expect(await topOf(page, 'categories')).toBeLessThan(200);

  // At once after the first paint, when what is further down is not drawn yet.
  await page.goto('/login');
  await page.route('**/pictures/**', (route) => route.abort());
  await page.goto('/');
  await page.getByRole('link', { name: 'All categories' }).first().click();
  await settled(page);
  await expect.poll(() => topOf(page, 'categories')).toBeLessThan(200);
});

test('a link to the reviews of a product leads to them', async ({ page }) => {
  await page.goto('/product/sourdough-loaf-800-g#reviews');
  await settled(page);
  await expect(page.getByRole('heading', { name: /review/i }).first()).toBeInViewport();
});
