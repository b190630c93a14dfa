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

test('the header that is there before the application stands where its own will', async ({ page }) => {
  await page.route('**/assets/*.js', (route) => route.abort());
  await page.goto('/');
  const before = await placesOf(page);
  expect(before.length, 'the header, the name, the search and the links').toBe(4);

  await page.unroute('**/assets/*.js');
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(await placesOf(page)).toEqual(before);
});
