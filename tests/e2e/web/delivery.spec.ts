import { expect, test } from '@playwright/test';

test('a page that is opened again is there again', async ({ page }) => {
  const statuses: number[] = [];
  // As the edge answers: a browser makes a 304 look like what it has kept.
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  devtools.on('Network.responseReceivedExtraInfo', ({ statusCode }) => statuses.push(statusCode));
  for (const path of ['/login', '/register', '/login']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  }
  expect(statuses).toContain(304);
});

test('a browser that asks for less motion gets none', async ({ page }) => {
  await page.goto('/');
  const picture = page.getByRole('article').first().locator('img');
  const seconds = async () =>
    Number.parseFloat(await picture.evaluate((image) => getComputedStyle(image).transitionDuration));
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  expect(await seconds()).toBeGreaterThan(0.1);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await seconds()).toBeLessThan(0.001);
});
