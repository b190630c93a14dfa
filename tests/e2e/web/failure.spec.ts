import { expect, type Page, test } from '@playwright/test';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import {
  cartCount,
  makeProduct,
  newCustomer,
  ordersOf,
  placeOrder,
  putIntoCart,
  settled,
  thankYou,
} from './shopper.ts';

declare global {
  interface Window {
    /** How much of the page has moved by itself, as browsers score it. */
    shifts: number;
  }
}

const keepsTrying = (page: Page) => page.getByText(/We keep trying/);

test('an order whose answer is lost is asked for again, under the same key: one order', async ({ page }) => {
  await newCustomer(page);
  await putIntoCart(page, await makeProduct(5));
  await page.goto('/checkout');
  const keys: (string | undefined)[] = [];
  await page.context().route('**/api/orders', async (route) => {
    if (route.request().method() !== 'POST') return await route.fallback();
    keys.push(route.request().headers()['idempotency-key']);
    // It reaches the shop, which places the order; only its answer does not come back.
    if (keys.length > 1) return await route.continue();
    await route.fetch();
    await route.abort('connectionreset');
  });
  await placeOrder(page).click();
  await expect(thankYou(page)).toBeVisible();
  expect(keys.length).toBeGreaterThan(1);
  expect(new Set(keys).size).toBe(1);
  expect(await ordersOf(page)).toHaveLength(1);
});

test('while no edge answers the page says calmly that it keeps trying, and then goes on', async ({
  page,
}) => {
  await putIntoCart(page, await makeProduct(5));
  await page.goto('/cart');
  await expect(page.getByRole('button', { name: 'One more' })).toBeVisible();
  let cut = true;
  await page
    .context()
    .route('**/api/**', (route) => (cut ? route.abort('connectionrefused') : route.continue()));
  await page.getByRole('button', { name: 'One more' }).click();
  await expect(keepsTrying(page)).toBeVisible();
  cut = false;
  await expect(keepsTrying(page)).toHaveCount(0);
  await page.reload();
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 2 pieces');
});

test('without a network the page says so, and does what was asked for when it is back', async ({
  page,
  context,
}) => {
  await newCustomer(page);
  await putIntoCart(page, await makeProduct(5));
  await page.goto('/checkout');
  await expect(placeOrder(page)).toBeEnabled();
  await context.setOffline(true);
  await expect(page.getByText('You are offline')).toBeVisible();
  await placeOrder(page).click();
  await expect(page.getByRole('button', { name: 'Placing your order…' })).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText('You are offline')).toHaveCount(0);
  await expect(thankYou(page)).toBeVisible();
  expect(await ordersOf(page)).toHaveLength(1);
});

test('a list that did not come says so, and comes when it is asked for again', async ({ page }) => {
  // Nothing that is worth trying again by itself: the answer is a refusal.
  let refused = true;
  await page.route('**/api/products?*', (route) =>
    refused
      ? route.fulfill({
          status: 400,
          contentType: 'application/problem+json',
          body: '{"code":"invalid-cursor"}',
        })
      : route.continue(),
  );
  await page.goto('/category/bakery');
  await expect(page.getByRole('heading', { name: 'We could not get this right now' })).toBeVisible();
  refused = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('article').first()).toBeVisible();
});

test('a slow network shows where everything will be, and nothing moves when it comes', async ({ page }) => {
  await page.addInitScript(() => {
    window.shifts = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
      })[])
        if (!entry.hadRecentInput) window.shifts += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  let held = Promise.withResolvers<void>();
  await page.route('**/api/**', async (route) => {
    await held.promise;
    await route.continue();
  });
  for (const path of ['/', '/category/bakery']) {
    held = Promise.withResolvers();
    await page.goto(path);
    await expect(page.locator('.skeleton').first()).toBeVisible();
    held.resolve();
    await expect(page.getByRole('article').first()).toBeVisible();
    await expect(page.locator('.skeleton')).toHaveCount(0);
    const shifts = await page.evaluate(() => window.shifts);
    // 0.1 is what counts as good; here nothing has a reason to move at all.
    expect(shifts, path).toBeLessThan(0.02);
  }
});

test('the lists below the categories do not move when the categories arrive', async ({ page }) => {
  let held = Promise.withResolvers<void>();
  await page.route('**/api/categories', async (route) => {
    const { promise } = held;
    const reply = await route.fetch();
    // Those that the shop opens with; other tests add theirs.
    const items = (await reply.json()).items.filter(({ name }: { name: string }) => !/^category-/.test(name));
    await promise;
    await route.fulfill({ json: { items } });
  });
  const height = () =>
    page.getByRole('region', { name: 'Have a look around' }).evaluate((section) => section.scrollHeight);
  for (const width of [390, 640, 768, 1024, 1280, 1536, 1920]) {
    held = Promise.withResolvers();
    await page.setViewportSize({ width, height: 900 });
    await page.goto('/');
    await expect(page.getByRole('article').first()).toBeVisible();
    const before = await height();
    held.resolve();
    await settled(page);
    expect(await height(), `${width} px wide`).toBe(before);
  }
});

test('the page continues at the other edge, with the same login, when its edge cannot be reached', async ({
  page,
}) => {
  await newCustomer(page);
  await page.goto('/');
  // Tests leave more categories than the page keeps room for: when they come, the lists below them move.
  await settled(page);
  const atOther: string[] = [];
  page.on('response', (reply) => {
    if (reply.ok() && reply.url().startsWith(`${edges[1]}/api/`)) atOther.push(reply.url());
  });
  await page.route(`${edges[0]}/**`, (route) => route.abort('connectionrefused'));
  await page
    .getByRole('button', { name: /^Add .* to the cart$/ })
    .first()
    .click();
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 1 piece');
  await expect.poll(() => atOther.some((url) => url.includes('/api/cart/items'))).toBe(true);
});

test('a page whose modules do not arrive says so, and loads them when it is asked to', async ({ page }) => {
  let cut = true;
  await page
    .context()
    .route('**/assets/shell-*.js', (route) => (cut ? route.abort('connectionreset') : route.continue()));
  await page.goto('/cart');
  const again = page.getByRole('button', { name: 'Load the page again' });
  await expect(page.getByRole('alert')).toContainText('did not arrive');
  cut = false;
  await again.click();
  await expect(page.getByRole('heading', { level: 1, name: 'Your cart' })).toBeVisible();
  await expect(again).toHaveCount(0);
});
