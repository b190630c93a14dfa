import { request as client, expect, type Page, test } from '@playwright/test';
import {
  announced,
  cartCount,
  changeCart,
  logIn,
  makeProduct,
  newCustomer,
  ordersOf,
  placeOrder,
  putIntoCart,
  thankYou,
} from './shopper.ts';

/** Ends the session of this browser at the shop. The browser keeps its cookies and hears nothing of it. */
async function endSession(page: Page): Promise<void> {
  const storageState = await page.context().storageState();
  const elsewhere = await client.newContext({ storageState, baseURL: new URL(page.url()).origin });
  expect((await elsewhere.post('/api/auth/logout')).status()).toBe(204);
  await elsewhere.dispose();
}

test('three quick clicks on a slow line add three', async ({ page }) => {
  const product = await makeProduct(10);
  await page.route('**/api/cart/items', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 400));
    await route.continue();
  });
  await page.goto(`/product/${product.slug}`);
  const add = page.getByRole('button', { name: /Add.*to (the )?cart/ }).first();
  for (let clicks = 0; clicks < 3; clicks += 1) await add.click();
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 3 pieces');
  await expect
    .poll(async () => (await (await page.request.get('/api/cart')).json()).items[0]?.quantity)
    .toBe(3);
});

test('a stale page adds to what the cart has by then, and sets nothing that its shopper has not seen', async ({
  page,
}) => {
  await newCustomer(page);
  const product = await makeProduct(20);
  await putIntoCart(page, product, 2);
  await page.goto('/cart');
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 2 pieces');
  // Another browser of the same customer.
  await putIntoCart(page, product, 5);
  await changeCart(page, () => page.getByRole('button', { name: 'One more' }).click());
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 6 pieces');

  await putIntoCart(page, product, 9);
  await page.getByRole('button', { name: 'One less' }).click();
  await expect(announced(page)).toContainText('Your cart has changed meanwhile');
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 9 pieces');
});

test('a session that has ended asks for the login and leads back to the same step with the same cart', async ({
  page,
}) => {
  const account = await newCustomer(page);
  const product = await makeProduct(10);
  await putIntoCart(page, product, 3);
  await page.goto('/checkout');
  await expect(page.getByText('3 × €12.50')).toBeVisible();
  await endSession(page);

  await placeOrder(page).click();
  await expect(page.getByText('Your session has ended.')).toBeVisible();
  await logIn(page, account);
  await expect(page).toHaveURL(/\/checkout$/);
  await expect(page.getByText('3 × €12.50')).toBeVisible();
  expect(await ordersOf(page)).toHaveLength(0);
  await placeOrder(page).click();
  await expect(thankYou(page)).toBeVisible();
  expect(await ordersOf(page)).toMatchObject([{ items: [{ productId: product.id, quantity: 3 }] }]);
});

test('one more of something after the session has ended adds one, once the shopper is logged in again', async ({
  page,
}) => {
  const account = await newCustomer(page);
  const product = await makeProduct(10);
  await putIntoCart(page, product, 3);
  await page.goto('/cart');
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 3 pieces');
  await endSession(page);
  await page.getByRole('button', { name: 'One more' }).click();
  await expect(page.getByText('Your session has ended.')).toBeVisible();
  await logIn(page, account);
  await expect(page).toHaveURL(/\/cart$/);
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 3 pieces');
  await changeCart(page, () => page.getByRole('button', { name: 'One more' }).click());
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 4 pieces');
});

test('a logout in one tab is known in the other', async ({ page, context }) => {
  await newCustomer(page);
  await page.goto('/account');
  const other = await context.newPage();
  await other.goto('/account');
  await other.getByRole('button', { name: 'Log out' }).click();
  await expect(page).not.toHaveURL(/\/account$/);
});

test('the page does not place an order for the customer of another tab', async ({ page, context }) => {
  await newCustomer(page);
  const product = await makeProduct(10);
  await putIntoCart(page, product, 2);
  await page.goto('/checkout');
  await expect(page.getByText('2 × €12.50')).toBeVisible();
  // As a tab of the other edge would: this tab hears nothing of it.
  const other = await context.newPage();
  await newCustomer(other);
  await putIntoCart(other, product, 1);
  await placeOrder(page).click();
  await expect(announced(page)).toContainText(/Another account is logged in now|Your cart has changed/);
  expect(await ordersOf(other)).toHaveLength(0);
});
