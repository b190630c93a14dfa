import { randomUUID } from 'node:crypto';
import { expect, type Page, test } from '@playwright/test';
import { makeProduct, putIntoCart } from './shopper.ts';

const cards = (page: Page) => page.getByRole('article');

/** The prices that a list shows, in cents, as they stand. */
const pricesOf = (page: Page) =>
  cards(page).evaluateAll((all) =>
    all.map((card) => Number(/€([\d,.]+)/.exec(card.textContent ?? '')?.[1]?.replace(/[.,]/g, ''))),
  );

test('suggestions appear as one types, and lead to the product', async ({ page }) => {
  await page.goto('/');
  await page.getByPlaceholder('Search for something nice').click();
  const box = page.getByRole('combobox', { name: 'Search the shop' });
  await expect(box).toBeFocused();
  await box.pressSequentially('sourd');
  await page
    .getByRole('option', { name: /sourdough/i })
    .first()
    .click();
  await expect(page).toHaveURL(/\/product\/.*sourd/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Sourdough');
});

test('a search can be sorted and narrowed, and its address brings back the same', async ({ page }) => {
  await page.goto('/search?q=green');
  await expect(cards(page).first()).toBeVisible();
  await page.getByLabel('Sort by').selectOption('Price, low to high');
  await expect(page).toHaveURL(/sort=price-asc/);
  await expect.poll(async () => (await pricesOf(page)).length).toBeGreaterThan(2);
  await expect
    .poll(async () => {
      const prices = await pricesOf(page);
      return prices.every((price, index) => index === 0 || price >= prices[index - 1]!);
    })
    .toBe(true);
  const all = await cards(page).count();
  await page.getByRole('combobox', { name: 'In', exact: true }).selectOption('Plants & Garden');
  await expect(page).toHaveURL(/category=garden/);
  await expect.poll(() => cards(page).count()).toBeLessThan(all);
  const narrowed = await cards(page).allTextContents();
  expect(narrowed.length).toBeGreaterThan(0);
  await page.reload();
  await expect(cards(page)).toHaveText(narrowed);
});

test('a category is narrowed by price, rating and what is in stock, and back again', async ({ page }) => {
  const soldOut = await makeProduct(0);
  await page.goto('/category/stationery');
  const names = () => page.getByRole('article').getByRole('heading').allTextContents();
  await expect.poll(names).toContain(soldOut.name);
  await page.getByLabel('In stock').check();
  await expect(page).toHaveURL(/stock=true/);
  await expect.poll(names).not.toContain(soldOut.name);
  await page.getByLabel('Price from, in euros').fill('20');
  await page.getByLabel('Price to, in euros').fill('10');
  await page.keyboard.press('Enter');
  // In whichever order they were typed.
  await expect
    .poll(async () => {
      const prices = await pricesOf(page);
      return prices.length > 0 && prices.every((cents) => cents >= 1000 && cents <= 2000);
    })
    .toBe(true);
  await page.getByLabel('Rating').selectOption('4 stars and up');
  await expect(page).toHaveURL(/rating=4/);
  await expect
    .poll(async () => {
      const ratings = await page.getByText(/^Rated [\d.]+ of 5$/).allTextContents();
      return ratings.length > 0 && ratings.every((text) => Number(text.split(' ')[1]) >= 4);
    })
    .toBe(true);
  await page.reload();
  await expect(page.getByLabel('Price from, in euros')).toHaveValue('20');
  await expect(page.getByLabel('In stock')).toBeChecked();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page).toHaveURL(/\/category\/stationery$/);
  await expect.poll(names).toContain(soldOut.name);
});

test('a search for nothing that there is says so, and how to go on', async ({ page }) => {
  await page.goto(`/search?q=${randomUUID()}`);
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
  await page.goto('/category/no-such-category');
  await expect(page.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
});

test('back from a product, a list is as long as it was, and in the same place', async ({ page }) => {
  await page.goto('/search?sort=name');
  await expect(cards(page)).toHaveCount(24);
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect(cards(page)).toHaveCount(48);
  await cards(page).nth(40).getByRole('link').click();
  await expect(page).toHaveURL(/\/product\//);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.goBack();
  await expect(cards(page)).toHaveCount(48);
  await expect(cards(page).nth(40)).toBeInViewport();
});

test('a long name without spaces does not widen the list, the product page or the cart', async ({ page }) => {
  const word = '"'.repeat(160) + randomUUID();
  const product = await makeProduct(5, word);
  const widthOfScreen = page.viewportSize()!.width;
  const widthOfPage = () => page.evaluate(() => document.documentElement.scrollWidth);
  await page.goto(`/search?q=${word.slice(-36)}`);
  await expect(page.getByRole('heading', { level: 3, name: word })).toBeVisible();
  expect(await widthOfPage()).toBeLessThanOrEqual(widthOfScreen);
  await page.goto(`/product/${product.slug}`);
  await expect(page.getByRole('heading', { level: 1, name: word })).toBeVisible();
  expect(await widthOfPage()).toBeLessThanOrEqual(widthOfScreen);
  await putIntoCart(page, product);
  await page.goto('/cart');
  await expect(page.getByRole('link', { name: word })).toBeVisible();
  expect(await widthOfPage()).toBeLessThanOrEqual(widthOfScreen);
});

test('a product tells search engines what it is', async ({ page }) => {
  await page.goto('/category/bakery');
  await cards(page).first().getByRole('link').click();
  await expect(page).toHaveURL(/\/product\//);
  await expect(page.getByRole('button', { name: 'Add to cart' })).toBeVisible();
  const name = await page.getByRole('heading', { level: 1 }).textContent();
  await expect.poll(() => page.title()).toContain(`${name} · `);
  const data = JSON.parse((await page.locator('script[type="application/ld+json"]').first().textContent())!);
  const product = [data['@graph'] ?? data].flat().find((part) => part['@type'] === 'Product');
  expect(product).toMatchObject({ name, offers: { priceCurrency: 'EUR' } });
  expect(Number(product.offers.price)).toBeGreaterThan(0);
});
