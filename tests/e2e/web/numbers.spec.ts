import { randomUUID } from 'node:crypto';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { asAdmin, cartCount, changeCart, makeProduct, putIntoCart } from './shopper.ts';

const price = (page: Page) => page.getByLabel('Price in euros');
const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).click();
const priceOf = async (page: Page, slug: string) =>
  (
    await (
      await page.request.get(`/api/products/${slug}`, { headers: { cookie: 'watermark=primary' } })
    ).json()
  ).priceCents;

/** The admin's page of a new product, in a browser of `locale`. */
async function productPage(browser: Browser, locale: string) {
  const context = await browser.newContext({ locale });
  const page = await context.newPage();
  await asAdmin(page);
  const product = await makeProduct(7);
  await page.goto(`/admin/products/${product.id}`);
  await expect(price(page)).toBeVisible();
  return { page, ...product, close: () => context.close() };
}

const taken: [locale: string, text: string, cents: number, shown: string][] = [
  ['en-GB', '1,234', 123_400, '1,234.00'],
  ['en-GB', '1,234.5', 123_450, '1,234.50'],
  ['de-DE', '1.234,5', 123_450, '1.234,50'],
  ['de-DE', '0,99', 99, '0,99'],
];
for (const [locale, text, cents, shown] of taken) {
  test(`the price ${text} of an admin in ${locale} is ${cents} cents`, async ({ browser }) => {
    const { page, slug, close } = await productPage(browser, locale);
    await price(page).fill(text);
    await price(page).blur();
    await expect(price(page)).toHaveValue(shown);
    await save(page);
    await expect(page.getByText('Saved')).toBeVisible();
    expect(await priceOf(page, slug)).toBe(cents);
    await close();
  });
}

test('a price that is ambiguous or no number is refused beside the field', async ({ browser }) => {
  const { page, slug, close } = await productPage(browser, 'en-GB');
  await expect(price(page)).toHaveValue('12.50');
  for (const text of ['1,23', '12,50', '1.234', '0x10', '1e3', '1 234', 'twelve']) {
    await price(page).fill(text);
    await save(page);
    await expect(price(page)).toHaveAccessibleDescription('Please write it like 1,234.50.');
    await expect(price(page)).toHaveValue(text);
  }
  await price(page).fill('');
  await save(page);
  await expect(price(page)).toHaveAccessibleDescription('Please fill this in.');
  await price(page).fill('100,000.01');
  await save(page);
  await expect(price(page)).toHaveAccessibleDescription('At most €100,000.00, please.');
  await price(page).fill('-1');
  await save(page);
  await expect(price(page)).toHaveAccessibleDescription('At least €0.00, please.');
  expect(await priceOf(page, slug)).toBe(1250);
  await close();
});

test('a stock of 1,000 is a thousand pieces, and 1,00 is refused beside the field', async ({ page }) => {
  await asAdmin(page);
  await page.goto('/admin/products/new');
  const slug = `tin-${randomUUID()}`;
  await page.getByLabel('Name').fill('Tin');
  await page.getByLabel('Slug').fill(slug);
  await page.getByLabel('Description').fill('Round.');
  await page.getByLabel('Category').selectOption('Books & Stationery');
  await price(page).fill('2');
  const stock = page.getByLabel('Pieces in stock');
  for (const text of ['1,00', '7.5', '0x10', '1e3']) {
    await stock.fill(text);
    await page.getByRole('button', { name: 'Put it on sale' }).click();
    await expect(stock).toHaveAccessibleDescription('Please give a whole number, written like 1,234.');
  }
  await stock.fill('1,000');
  await page.getByRole('button', { name: 'Put it on sale' }).click();
  await expect(page.getByRole('heading', { name: '1,000 in stock' })).toBeVisible();

  const delta = page.getByLabel('Add or take away');
  await page.getByLabel('Reason').fill('delivered');
  for (const text of ['1,5', '1e3', '']) {
    await delta.fill(text);
    await page.getByRole('button', { name: 'Change the stock' }).click();
    await expect(delta).toHaveAccessibleDescription(/^Please /);
  }
  await delta.fill('+1,000');
  await page.getByRole('button', { name: 'Change the stock' }).click();
  await expect(page.getByRole('heading', { name: '2,000 in stock' })).toBeVisible();
  await expect(delta).toHaveValue('');
});

test('a quantity that is no number from 1 to 99 is refused beside the field', async ({ page }) => {
  await putIntoCart(page, await makeProduct(50), 3);
  await page.goto('/cart');
  const quantity = page.getByRole('textbox', { name: 'Quantity' });
  for (const text of ['', '0', '100', '1e1', '0x5', '2.5', '-1', 'two']) {
    await quantity.fill(text);
    await quantity.press('Enter');
    await expect(quantity).toHaveAccessibleDescription('A whole number from 1 to 99, please.');
    await expect(quantity).toHaveValue(text);
  }
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 3 pieces');
  await quantity.fill('12');
  await changeCart(page, () => quantity.press('Enter'));
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 12 pieces');
});

test('the ends of a range of prices are read as the shopper writes them', async ({ page }) => {
  await page.goto('/search');
  const from = page.getByLabel('Price from, in euros');
  for (const text of ['1e3', '1,5', '0x10', '-3']) {
    await from.fill(text);
    await from.press('Enter');
    await expect(from).toHaveAccessibleDescription('Like 1,234.50, please.');
    expect(new URL(page.url()).searchParams.get('min')).toBeNull();
  }
  await from.fill('1,000');
  await from.press('Enter');
  await expect(page).toHaveURL(/min=1000$/);
  await expect(from).toHaveValue('1,000');
});
