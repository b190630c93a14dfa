import { request as client, expect, type Page, test } from '@playwright/test';
import {
  adminAccount,
  announced,
  asAdmin,
  cartCount,
  changeCart,
  logIn,
  makeProduct,
  newCustomer,
  ordersOf,
  placeOrder,
  putIntoCart,
  register,
  thankYou,
} from './shopper.ts';

/** Ends the session of this browser in the shop by a second client. The browser keeps its cookies and gets no notice. */
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

test('a stale page adds to the present cart, and sets no quantity that its shopper has not seen', async ({
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

test('a form asks for the login, too, and still has what was typed', async ({ page }) => {
  const account = await newCustomer(page);
  const { slug, id } = await makeProduct(10);
  await page.goto(`/product/${slug}`);
  await page.getByRole('button', { name: 'Write a review' }).click();
  await page.getByLabel('4 of 5').check({ force: true });
  await page.getByLabel('Your words').fill('Pours well.\nHolds two litres.');
  await endSession(page);
  await page.getByRole('button', { name: 'Send the review' }).click();
  await expect(page.getByText('Your session has ended.')).toBeVisible();
  await logIn(page, account);
  await expect(page).toHaveURL(new RegExp(`/product/${slug}$`));
  await expect(page.getByLabel('Your words')).toHaveValue('Pours well.\nHolds two litres.');
  await expect(page.getByLabel('4 of 5')).toBeChecked();

  await asAdmin(page);
  await page.goto(`/admin/products/${id}`);
  await page.getByLabel('Price in euros').fill('77');
  await endSession(page);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Your session has ended.')).toBeVisible();
  await logIn(page, adminAccount());
  await expect(page).toHaveURL(new RegExp(`/admin/products/${id}$`));
  await expect(page.getByLabel('Price in euros')).toHaveValue('77.00');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved')).toBeVisible();
});

test('a draft is shown to the person who typed it, and forgotten when it is given up', async ({ page }) => {
  await newCustomer(page);
  const { slug } = await makeProduct(10);
  await page.goto(`/product/${slug}`);
  const write = page.getByRole('button', { name: 'Write a review' });
  await write.click();
  await page.getByLabel('Your words').fill('Given up.');
  await page.getByRole('button', { name: 'Never mind' }).click();
  await write.click();
  await expect(page.getByLabel('Your words')).toHaveValue('');
  await page.getByLabel('Your words').fill('Mine alone.');
  await page.getByLabel('4 of 5').check({ force: true });
  await endSession(page);
  await page.getByRole('button', { name: 'Send the review' }).click();
  await expect(page.getByText('Your session has ended.')).toBeVisible();
  await page.getByRole('link', { name: 'Make an account' }).click();
  await register(page);
  await expect(page).toHaveURL(new RegExp(`/product/${slug}$`));
  await expect(write).toBeVisible();
  await expect(page.getByLabel('Your words')).toHaveCount(0);
});

test('a cookie that the browser has dropped counts as an ended session, not as a guest', async ({ page }) => {
  await newCustomer(page);
  await page.goto('/');
  await expect(page.getByRole('link', { name: /^Account of/ })).toBeVisible();
  await page.context().clearCookies({ name: 'sid' });
  // What is put into the cart meanwhile is a guest's, and stays when the shopper goes on as a guest.
  const product = await makeProduct(10);
  await putIntoCart(page, product, 2);
  await page.goto('/cart');
  await expect(page.getByText('Your session has ended.')).toBeVisible();
  await page.getByRole('button', { name: 'Go on as a guest' }).click();
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 2 pieces');
  await page.goto('/cart');
  await expect(page.getByRole('link', { name: product.name })).toBeVisible();
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
  // The first tab gets no notice, as if the second were at the other edge.
  const other = await context.newPage();
  await newCustomer(other);
  await putIntoCart(other, product, 1);
  await placeOrder(page).click();
  await expect(announced(page)).toContainText(/Another account is logged in now|Your cart has changed/);
  expect(await ordersOf(other)).toHaveLength(0);
});
