import { expect, type Page, test } from '@playwright/test';

/** The header and what stands in it, each as `x y width height` in whole pixels. */
const placesOf = (page: Page) =>
  page
    .locator('header, header > div > *')
    .evaluateAll((parts) =>
      parts
        .map((part) => part.getBoundingClientRect())
        .map(({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(' ')),
    );

test('the header of index.html is where the application’s header will be', async ({ page }) => {
  await page.route('**/assets/*.js', (route) => route.abort());
  await page.goto('/');
  const before = await placesOf(page);
  expect(before.length, 'the header, the name, the search and the links').toBe(4);

  await page.unroute('**/assets/*.js');
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(await placesOf(page)).toEqual(before);
});

/** What a shopper looks at first on each of the pages that most come to first, and what a font of another width would push down. */
const lookedAt = {
  '/': 'main section a:has(img)',
  '/category/bakery': 'main article',
  '/product/sourdough-loaf-800-g': 'main h1, main article button',
};

test('nothing moves when our fonts come after the text', async ({ page }) => {
  const topsOf = async (path: string, selector: string) => {
    await page.goto(path);
    await page.waitForLoadState('networkidle');
    await page.evaluate(() => document.fonts.ready);
    await expect(page.locator(selector).first()).toBeVisible();
    return page
      .locator(selector)
      .evaluateAll((parts) => parts.slice(0, 3).map((part) => Math.round(part.getBoundingClientRect().top)));
  };
  for (const [path, selector] of Object.entries(lookedAt)) {
    const tops = await topsOf(path, selector);
    await page.route('**/*.woff2', (route) => route.abort());
    expect(await topsOf(path, selector), path).toEqual(tops);
    await page.unroute('**/*.woff2');
  }
});
