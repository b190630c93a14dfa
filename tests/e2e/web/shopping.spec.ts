import { expect, test } from '@playwright/test';
import { adminClient } from '@shop/chaos/workload/items.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import {
  addSomething,
  buy,
  cartCount,
  changeCart,
  currentStep,
  makeProduct,
  newCustomer,
  ordersOf,
  placeOrder,
  putIntoCart,
  register,
  thankYou,
} from './shopper.ts';

test('a guest fills a cart, makes an account on the way, orders, sees it paid, and cancels', async ({
  page,
}) => {
  const name = await addSomething(page);
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 1 piece');
  await cartCount(page).click();
  await page.getByRole('button', { name: 'One more' }).click();
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 2 pieces');
  await page.getByRole('link', { name: 'Go to checkout' }).click();
  await expect(page).toHaveURL(/\/login\?from=/);
  await page.getByRole('link', { name: 'Make an account' }).click();
  await register(page);

  await expect(page).toHaveURL(/\/checkout$/);
  await expect(page.getByRole('main')).toContainText(name);
  await placeOrder(page).click();
  await expect(thankYou(page)).toBeVisible();
  // By itself: the shopper does not touch the page.
  await expect(currentStep(page)).toHaveText('Paid');
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 0 pieces');

  await page.getByRole('button', { name: 'Cancel this order' }).click();
  await expect(currentStep(page)).toHaveText('Cancelled');
  await expect(page.getByText('What was paid is paid back')).toBeVisible();
  await page.getByRole('link', { name: 'All orders' }).click();
  await expect(page.getByRole('heading', { name: /^Order / })).toHaveCount(1);
});

test('an order moves on to shipped while its page is open, and can then not be cancelled', async ({
  page,
}) => {
  await newCustomer(page);
  const order = await buy(page, await makeProduct(5));
  await page.goto(`/orders/${order.id}`);
  await expect(currentStep(page)).toHaveText('Paid');
  const admin = await adminClient(edges[0]);
  expect((await admin.post(`/api/admin/orders/${order.id}/ship`)).status).toBe(200);
  await expect(currentStep(page)).toHaveText('Shipped');
  await expect(page.getByRole('button', { name: 'Cancel this order' })).toHaveCount(0);
});

test('a removed line of the cart is back after one click', async ({ page }) => {
  const name = await addSomething(page);
  await page.goto('/cart');
  await page.getByRole('button', { name: `Remove ${name}` }).click();
  await expect(page.getByRole('heading', { name: 'It is still empty' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('main').getByRole('link', { name })).toBeVisible();
});

test('a quantity that was changed is back after one click', async ({ page }) => {
  const product = await makeProduct(10);
  await putIntoCart(page, product, 2);
  await page.goto('/cart');
  await page.getByLabel('Quantity', { exact: true }).fill('7');
  await changeCart(page, () => page.keyboard.press('Enter'));
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 7 pieces');
  await changeCart(page, () => page.getByRole('button', { name: `Back to 2 of ${product.name}` }).click());
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 2 pieces');
  await page.reload();
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 2 pieces');
});

test('prices are written the way the shopper writes them', async ({ browser }) => {
  const product = await makeProduct(3);
  for (const [locale, price] of [
    ['en-GB', '€12.50'],
    ['de-DE', '12,50 €'],
  ] as const) {
    const context = await browser.newContext({ locale });
    const page = await context.newPage();
    await page.goto(`/product/${product.slug}`);
    await expect(page.getByRole('main').getByText(price, { exact: true })).toBeVisible();
    await context.close();
  }
});

test('a customer finds only their own orders', async ({ page, browser }) => {
  await newCustomer(page);
  const order = await buy(page, await makeProduct(5));
  expect(await ordersOf(page)).toHaveLength(1);
  const context = await browser.newContext();
  const other = await context.newPage();
  await newCustomer(other);
  await other.goto(`/orders/${order.id}`);
  await expect(other.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
  await other.goto('/orders');
  await expect(other.getByRole('heading', { name: 'No orders yet' })).toBeVisible();
  await context.close();
});

test('an unknown address shows an error page with status 404', async ({ page }) => {
  expect((await page.goto('/no/such/page'))?.status()).toBe(404);
  for (const path of ['/product/no-such-product', '/category/no-such-category']) {
    expect((await page.goto(path))?.status()).toBe(404);
    await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
  }
});
