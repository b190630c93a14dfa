import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BrowserContext, expect, type Page } from '@playwright/test';
import { accounts, adminClient } from '@shop/chaos/workload/items.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import sharp from 'sharp';

export type Account = { email: string; password: string };
export type Sold = { id: string; slug: string; name: string };
export type Order = {
  id: string;
  number: string;
  status: string;
  items: { productId: string; quantity: number }[];
};

export const newAccount = (): Account => ({
  email: `web-${randomUUID()}@example.com`,
  password: randomUUID(),
});

/** Makes an account through the form that `page` shows, and waits until the page has gone on. */
export async function register(page: Page): Promise<Account> {
  const account = newAccount();
  await page.getByLabel('Name').fill('Robin Reader');
  await page.getByLabel('E-mail').fill(account.email);
  await page.getByLabel('Password').fill(account.password);
  await page.getByRole('button', { name: 'Make the account' }).click();
  await expect(page).not.toHaveURL(/register/);
  return account;
}

/** Logs in through the form that `page` shows, and waits until the page has gone on. */
export async function logIn(page: Page, { email, password }: Account): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page).not.toHaveURL(/login/);
}

/** A new customer who is logged in: by a call, since only one test is about the form. */
export async function newCustomer(page: Page): Promise<Account> {
  const account = newAccount();
  const reply = await page.request.post('/api/auth/register', { data: { ...account, name: 'Robin Reader' } });
  expect(reply.status(), await reply.text()).toBe(201);
  await rememberSignedIn(page.context(), (await reply.json()).id);
  return account;
}

/**
 * Visits until the browser keeps the shell of the shop (apps/web/src/service-worker.ts): what one visit could not fetch, the
 * next one fetches. Chromium drops what it loads when an interface of its machine changes, and each container that stops or
 * starts is such a change; with the shell kept, a page needs no more than the calls, which the storefront repeats.
 */
export async function visitUntilShellIsKept(page: Page): Promise<void> {
  await expect(async () => {
    await page.goto('/cart');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible({ timeout: 10_000 });
    const kept = page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    expect(await Promise.race([kept, sleep(5_000, false)])).toBe(true);
  }).toPass({ timeout: 90_000 });
}

export const adminAccount = (): Account => accounts().find(({ role }) => role === 'admin')!;

export async function asAdmin(page: Page): Promise<void> {
  const { email, password } = adminAccount();
  const reply = await page.request.post('/api/auth/login', { data: { email, password } });
  expect(reply.status(), await reply.text()).toBe(200);
  await rememberSignedIn(page.context(), (await reply.json()).id);
}

/** What the storefront notes for itself after a login: the customer's id. */
const rememberSignedIn = (context: BrowserContext, id: string) =>
  context.addCookies([{ name: 'signed-in', value: id, url: edges[0] }]);

/** A product of the test's own, so that no other test's order changes what is left of it. */
export async function makeProduct(
  stock: number,
  name = `Zinc jug ${randomUUID().slice(0, 8)}`,
): Promise<Sold> {
  const admin = await adminClient(edges[0]);
  const description = 'Holds two litres, and has for sixty years.';
  const body = {
    slug: `web-${randomUUID()}`,
    name,
    description,
    category: 'stationery',
    priceCents: 1250,
    stock,
  };
  const reply = await admin.post('/api/admin/products', { key: randomUUID(), body });
  expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  return { id: reply.body.id, slug: reply.body.slug, name };
}

/** Puts something into the cart of `page`, past the page. */
export async function putIntoCart(page: Page, { id }: { id: string }, quantity = 1): Promise<void> {
  const reply = await page.request.put(`/api/cart/items/${id}`, { data: { quantity } });
  expect(reply.status(), await reply.text()).toBe(200);
}

/**
 * Changes the cart by `click`, and waits until the shop has it: the page shows a change before, and if it is left just then
 * it takes the change along.
 */
export async function changeCart(page: Page, click: () => Promise<void>): Promise<void> {
  const isChange = (method: string, url: string) => method !== 'GET' && /\/api\/cart\b/.test(url);
  const saved = page.waitForResponse(
    (answer) => answer.ok() && isChange(answer.request().method(), answer.url()),
  );
  await click();
  await saved;
}

/** Puts one piece of something that is there into the cart, from the list of a category. */
export async function addSomething(page: Page): Promise<string> {
  await page.goto('/category/bakery?sort=name');
  const button = page.getByRole('button', { name: /^Add .* to the cart$/ }).first();
  const name = /^Add (.*) to the cart$/.exec((await button.getAttribute('aria-label')) ?? '')?.[1] ?? '';
  await changeCart(page, () => button.click());
  return name;
}

/** What the shop itself knows of the customer's orders, whatever the page shows. */
export async function ordersOf(page: Page): Promise<Order[]> {
  const reply = await page.request.get('/api/orders?limit=100');
  expect(reply.status()).toBe(200);
  return (await reply.json()).items;
}

/** Orders one piece past the page, and waits until it is paid. */
export async function buy(page: Page, { id }: { id: string }): Promise<Order> {
  const headers = { 'idempotency-key': randomUUID() };
  const data = { items: [{ productId: id, quantity: 1 }] };
  const reply = await page.request.post('/api/orders', { data, headers });
  expect(reply.status(), await reply.text()).toBe(201);
  const order = await reply.json();
  await expect
    .poll(async () => (await (await page.request.get(`/api/orders/${order.id}`)).json()).status)
    .toBe('paid');
  return order;
}

/** A picture as a telephone would send one; noise, since plain colours weigh nothing. */
export async function photo(widthPx = 640): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const width = widthPx;
  const height = Math.round(widthPx * 0.75);
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 30 };
  const create = { width, height, channels: 3 as const, background: '#888', noise };
  return { name: 'table.jpg', mimeType: 'image/jpeg', buffer: await sharp({ create }).jpeg().toBuffer() };
}

/** The page has all that it will show, but for pictures; so nothing moves any more either. */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator('main').getByRole('heading').first()).toBeVisible();
  await expect(page.locator('.skeleton')).toHaveCount(0);
}

/** What is announced at once; an empty place for it is there before. */
export const announced = (page: Page) => page.getByRole('alert').filter({ hasText: /\w/ });
export const cartCount = (page: Page) => page.getByRole('link', { name: /^Cart, / });
export const currentStep = (page: Page) => page.locator('[aria-current=step]');
export const placeOrder = (page: Page) => page.getByRole('button', { name: 'Place the order' });
export const thankYou = (page: Page) => page.getByRole('heading', { name: /We have your order/ });
