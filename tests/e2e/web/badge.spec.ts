import { expect, type Page, test } from '@playwright/test';

const badge = (page: Page) => page.getByRole('complementary', { name: 'The system behind this page' });
const answersIn = async (page: Page) => {
  const texts = await badge(page).getByRole('listitem').allTextContents();
  return texts.reduce((sum, text) => sum + Number(/([\d,]+) answers?$/.exec(text)?.[1]?.replace(',', '')), 0);
};

test('the badge names the servers of the page, their times, and how often each replica answered', async ({
  page,
  isMobile,
}) => {
  // Not what the other browser asks for at this moment: the edge would have the answer of that one.
  await page.goto(`/search?q=${isMobile ? 'tea' : 'bread'}`);
  await expect(page.getByRole('article').first()).toBeVisible();
  if (isMobile) {
    // Off by default where there is no room for it.
    await page.waitForLoadState('networkidle');
    await expect(badge(page)).toHaveCount(0);
    await page.getByRole('button', { name: 'Show which servers answer' }).click();
  }
  await badge(page)
    .getByRole('button', { name: /Served by edge-1/ })
    .click();
  const rows = badge(page).getByRole('row');
  const list = rows.filter({ hasText: /GET products(?!\/)/ }).first();
  await expect(list).toContainText(/200.*[\d,]+ ms.*edge-1 [\d,]+ ms.*(?:HIT|MISS)/);
  await expect(rows.filter({ hasText: /MISS\S+ [\d,]+ ms(?:db-[123]|cache)/ }).first()).toBeVisible();
  const before = await answersIn(page);
  expect(before).toBeGreaterThan(0);

  // A new page, the same browser: it goes on counting.
  await page.goto('/cart');
  await badge(page)
    .getByRole('button', { name: /Served by/ })
    .click();
  await expect.poll(() => answersIn(page)).toBeGreaterThan(before);

  // Twenty calls at most.
  await page.keyboard.press('Escape');
  await page.getByPlaceholder('Search for something nice').focus();
  for (const letter of 'breadcrumbbreadcrumbb') {
    const suggested = page.waitForResponse((reply) => reply.url().includes('/suggestions'));
    await page.keyboard.press(letter);
    await suggested;
  }
  await page.keyboard.press('Escape');
  await badge(page)
    .getByRole('button', { name: /Served by/ })
    .click();
  await expect(rows).toHaveCount(21);

  await page.emulateMedia({ media: 'print' });
  await expect(badge(page)).toBeHidden();
  await page.emulateMedia({ media: 'screen' });
  await badge(page).getByRole('button', { name: 'Hide this badge' }).click();
  await expect(badge(page)).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Show which servers answer' })).toBeVisible();
  await expect(badge(page)).toHaveCount(0);
});
