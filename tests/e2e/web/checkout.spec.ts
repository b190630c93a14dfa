import { expect, test } from '@playwright/test';
import { adminClient } from '@shop/chaos/workload/items.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import {
  announced,
  cartCount,
  changeCart,
  makeProduct,
  newCustomer,
  ordersOf,
  placeOrder,
  putIntoCart,
  thankYou,
} from './shopper.ts';

test('a double click, and the back button after it, make one order', async ({ page }) => {
  await newCustomer(page);
  await putIntoCart(page, await makeProduct(10));
  await page.goto('/cart');
  await page.getByRole('link', { name: 'Go to checkout' }).click();
  await placeOrder(page).dblclick();
  await expect(thankYou(page)).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'It is still empty' })).toBeVisible();
  await page.goForward();
  await expect(thankYou(page)).toBeVisible();
  expect(await ordersOf(page)).toHaveLength(1);
});

test('a reload while the order is being placed makes one order', async ({ page }) => {
  await newCustomer(page);
  await putIntoCart(page, await makeProduct(10));
  await page.goto('/checkout');
  let posted = 0;
  await page.route('**/api/orders', async (route) => {
    if (route.request().method() !== 'POST' || posted++ > 0) return await route.fallback();
    // The shop has it; the page never hears of it, since it is reloaded first.
    await route.fetch();
  });
  const reached = page.waitForRequest(
    (request) => request.method() === 'POST' && request.url().endsWith('/orders'),
  );
  await placeOrder(page).click();
  await reached;
  await expect.poll(async () => (await ordersOf(page)).length).toBe(1);
  await page.reload();
  await expect(thankYou(page)).toBeVisible();
  expect(posted).toBeGreaterThan(1);
  expect(await ordersOf(page)).toHaveLength(1);
});

test('a cart changed in one tab is seen in the other, and is not ordered unread', async ({
  page,
  context,
}) => {
  await newCustomer(page);
  const product = await makeProduct(10);
  await putIntoCart(page, product);
  await page.goto('/checkout');
  await expect(page.getByText('1 × €12.50')).toBeVisible();
  const other = await context.newPage();
  await other.goto('/cart');
  await other.getByRole('button', { name: 'One more' }).click();
  await expect(cartCount(other)).toHaveAccessibleName('Cart, 2 pieces');
  await expect(page.getByText('2 × €12.50')).toBeVisible();
  // Another browser of the same customer: nothing tells this page before it orders.
  await putIntoCart(page, product, 3);
  await placeOrder(page).click();
  await expect(announced(page)).toContainText('Your cart has changed meanwhile');
  await expect(page.getByText('3 × €12.50')).toBeVisible();
  expect(await ordersOf(page)).toHaveLength(0);
  await placeOrder(page).click();
  await expect(thankYou(page)).toBeVisible();
  const [order] = await ordersOf(page);
  expect(order?.items).toMatchObject([{ productId: product.id, quantity: 3 }]);
});

test('an order that never reached the shop is not placed by itself once the cart is another one', async ({
  page,
}) => {
  await newCustomer(page);
  const product = await makeProduct(10);
  await putIntoCart(page, product);
  await page.goto('/checkout');
  let sent = 0;
  const lost = (url: URL) => url.pathname === '/api/orders';
  await page.route(lost, async (route) => {
    sent += 1;
    await route.abort('connectionrefused');
  });
  await placeOrder(page).click();
  await expect.poll(() => sent).toBeGreaterThan(0);
  await page.goto('/cart');
  await changeCart(page, () => page.getByRole('button', { name: 'One more' }).click());
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 2 pieces');
  await page.unroute(lost);
  await page.goto('/checkout');
  await expect(page.getByText('2 × €12.50')).toBeVisible();
  await expect(placeOrder(page)).toBeEnabled();
  expect(await ordersOf(page)).toEqual([]);
  await placeOrder(page).click();
  await expect(thankYou(page)).toBeVisible();
  expect(await ordersOf(page)).toMatchObject([{ items: [{ productId: product.id, quantity: 2 }] }]);
});

test('an order beyond the stock names the product and offers the remaining quantity, which can then be ordered', async ({
  page,
}) => {
  await newCustomer(page);
  const product = await makeProduct(5);
  await putIntoCart(page, product, 5);
  await page.goto('/checkout');
  await expect(placeOrder(page)).toBeEnabled();
  const admin = await adminClient(edges[0]);
  const sold = await admin.post(`/api/admin/products/${product.id}/stock`, {
    body: { delta: -3, reason: 'market' },
  });
  expect(sold.status).toBe(200);

  await placeOrder(page).click();
  await expect(announced(page)).toContainText(`${product.name}: 2 left, you wanted 5`);
  expect(await ordersOf(page)).toHaveLength(0);
  await page.getByRole('button', { name: 'Take what is left' }).click();
  await expect(page.getByText('2 × €12.50')).toBeVisible();
  await placeOrder(page).click();
  await expect(thankYou(page)).toBeVisible();
  const [order] = await ordersOf(page);
  expect(order?.items).toMatchObject([{ productId: product.id, quantity: 2 }]);
});

test('an order of what is no longer sold says so, and not that it is sold out', async ({ page }) => {
  await newCustomer(page);
  const [gone, soldOut] = [await makeProduct(5), await makeProduct(5)];
  await putIntoCart(page, gone);
  await putIntoCart(page, soldOut, 5);
  await page.goto('/checkout');
  await expect(placeOrder(page)).toBeEnabled();
  const admin = await adminClient(edges[0]);
  for (const reply of [
    await admin.patch(`/api/admin/products/${gone.id}`, { body: { active: false } }),
    await admin.post(`/api/admin/products/${soldOut.id}/stock`, { body: { delta: -5, reason: 'market' } }),
  ]) {
    expect(reply.status).toBe(200);
  }
  await placeOrder(page).click();
  await expect(announced(page)).toContainText(`${gone.name}: no longer sold, you wanted 1`);
  await expect(announced(page)).toContainText(`${soldOut.name}: sold out, you wanted 5`);
  expect(await ordersOf(page)).toHaveLength(0);
});
