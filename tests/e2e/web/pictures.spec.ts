import { expect, type Page, test } from '@playwright/test';
import { announced, buy, makeProduct, newCustomer, photo, type Sold } from './shopper.ts';

/** A buyer of `product`, before the form for a review. */
async function writeReview(page: Page): Promise<Sold> {
  await newCustomer(page);
  const product = await makeProduct(5);
  await buy(page, product);
  await page.goto(`/product/${product.slug}`);
  await page.getByRole('button', { name: 'Write a review' }).click();
  return product;
}

/** Clicks the star itself, as a shopper does. */
const rate = (page: Page, stars: number) =>
  page.locator('label', { has: page.getByRole('radio', { name: `${stars} of 5` }) }).click();

/** Requests that carry the bytes of a picture; other requests of an upload go to the API. */
const toStorage = (url: URL) => url.pathname.startsWith('/uploads/');
const choose = (page: Page) => page.locator('input[type=file]');

test('a buyer reviews with a photo, and sees both at once', async ({ page }) => {
  await writeReview(page);
  await rate(page, 4);
  await page.getByLabel('Your words').fill('Heavy, in a good way.');
  await choose(page).setInputFiles(await photo());
  await expect(page.getByText('It is there.')).toBeVisible();
  await page.getByRole('button', { name: 'Send the review' }).click();
  await expect(page.getByText('Heavy, in a good way.')).toBeVisible();
  const shown = page.getByRole('img', { name: 'Photo by Robin Reader' });
  await shown.scrollIntoViewIfNeeded();
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await expect(page.getByRole('heading', { name: '1 review' })).toBeVisible();
});

test('the product page tells a customer without an order of the product why a review has to wait', async ({
  page,
}) => {
  await newCustomer(page);
  const { slug } = await makeProduct(5);
  await page.goto(`/product/${slug}`);
  await page.getByRole('button', { name: 'Write a review' }).click();
  await page.getByRole('button', { name: 'Send the review' }).click();
  await expect(page.getByText('Please choose one.')).toBeVisible();
  await rate(page, 5);
  await page.getByLabel('Your words').fill('I have only looked at it.');
  await page.getByRole('button', { name: 'Send the review' }).click();
  await expect(announced(page)).toContainText('once you have bought it');
});

test('an upload shows how far it is, can be cancelled, and goes through the next time', async ({ page }) => {
  await writeReview(page);
  let held = true;
  const arrived: string[] = [];
  await page.route(toStorage, async (route) => {
    arrived.push(route.request().url());
    // A network that has stalled: the bytes are on their way and no answer comes.
    if (!held) await route.continue();
  });
  await choose(page).setInputFiles(await photo(1200));
  await expect(page.getByText(/^Sending… \d+ %$/)).toBeVisible();
  await expect(page.getByRole('progressbar', { name: 'Upload' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Send the review' })).toBeDisabled();
  // It says that it sends while it asks for a place: cancelled then, there would be no bytes and no place to give up.
  await expect.poll(() => arrived.length).toBe(1);
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(page.getByText('Choose a picture')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Send the review' })).toBeEnabled();
  held = false;
  await choose(page).setInputFiles(await photo(1200));
  await expect(page.getByText('It is there.')).toBeVisible();
  // A place that was given up is not used again.
  expect(new Set(arrived.map((url) => new URL(url).pathname)).size).toBe(2);
});

test('an upload that does not get through can be tried again, and is tried by itself first', async ({
  page,
}) => {
  await writeReview(page);
  let tries = 0;
  let broken = true;
  await page.route(toStorage, async (route) => {
    tries += 1;
    await (broken ? route.abort('connectionreset') : route.continue());
  });
  await choose(page).setInputFiles(await photo());
  await expect(page.getByText('The picture did not get through.')).toBeVisible();
  expect(tries).toBeGreaterThan(1);
  broken = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('It is there.')).toBeVisible();
});

test('a file that is not a picture is refused, with the reason', async ({ page }) => {
  await writeReview(page);
  await choose(page).setInputFiles({ name: 'list.txt', mimeType: 'text/plain', buffer: Buffer.from('milk') });
  await expect(page.getByText('PNG, JPEG or WebP, please.')).toBeVisible();
  await page.getByRole('button', { name: 'Remove' }).click();
  await choose(page).setInputFiles({ name: 'list.png', mimeType: 'image/png', buffer: Buffer.from('milk') });
  await expect(page.getByText('This file is not a picture.')).toBeVisible();
});
