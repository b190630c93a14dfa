import { randomUUID } from 'node:crypto';
import { expect, type Page, test } from '@playwright/test';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import { announced, asAdmin, makeProduct, photo } from './shopper.ts';

/** A customer with one paid order. */
async function customerWithOrder() {
  const client = new ShopClient(edges[0]);
  const { email } = await client.register();
  const { id } = await makeProduct(5);
  const body = { items: [{ productId: id, quantity: 1 }] };
  const order = await client.post('/api/orders', { body, key: randomUUID() });
  expect(order.status).toBe(201);
  await expect.poll(async () => (await client.get(`/api/orders/${order.body.id}`)).body.status).toBe('paid');
  return { email, order: order.body as { id: string; number: string }, client };
}

const rows = (page: Page) => page.getByRole('table').locator('tbody').getByRole('row');

test('the administration is for the admin alone', async ({ page }) => {
  await page.goto('/admin/orders');
  await expect(page).toHaveURL(/\/login\?from=%2Fadmin%2Forders/);
});

test('the admin makes a product with a picture, changes its price and stock, takes it off sale and finds it', async ({
  page,
}) => {
  const name = `Brass tray ${randomUUID().slice(0, 8)}`;
  const slug = name.toLowerCase().replaceAll(' ', '-');
  await asAdmin(page);
  await page.goto('/admin/products');
  await page.getByRole('link', { name: 'New product' }).click();
  await page.getByRole('button', { name: 'Put it on sale' }).click();
  await expect(page.getByLabel('Name')).toHaveAccessibleDescription('Please fill this in.');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Slug').fill(slug);
  await page.getByLabel('Description').fill('Beaten by hand.');
  await page.getByLabel('Category').selectOption('Books & Stationery');
  await page.getByLabel('Price in euros').fill('29.5');
  await page.getByLabel('Pieces in stock').fill('7');
  await page.locator('input[type=file]').setInputFiles(await photo());
  await expect(page.getByText('It is there.')).toBeVisible();
  await page.getByRole('button', { name: 'Put it on sale' }).click();

  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await page.getByLabel('Price in euros').fill('27');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved')).toBeVisible();
  const prices = page.getByRole('region', { name: 'Changes of the price' }).getByRole('row');
  await expect(prices.filter({ hasText: '€29.50' })).toContainText('€27.00');
  await page.getByLabel('Add or take away').fill('-2');
  await page.getByLabel('Reason').fill('dented');
  await page.getByRole('button', { name: 'Change the stock' }).click();
  await expect(page.getByRole('heading', { name: '5 in stock' })).toBeVisible();
  await expect(rows(page).filter({ hasText: 'dented' })).toContainText('-2');
  await expect(rows(page).filter({ hasText: 'initial' })).toContainText('+7');
  await page.getByLabel('Add or take away').fill('-6');
  await page.getByLabel('Reason').fill('a mistake');
  await page.getByRole('button', { name: 'Change the stock' }).click();
  await expect(announced(page)).toContainText('There are 5');

  await page.getByRole('link', { name: 'See it in the shop' }).click();
  await expect(page.getByText('€27.00')).toBeVisible();
  const picture = page.getByRole('main').getByRole('img', { name });
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(0);

  await page.goto('/admin/products?status=active');
  await page.getByLabel('Name, slug or id').fill(slug);
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole('link', { name }).click();
  await page.getByLabel('On sale').uncheck();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved')).toBeVisible();
  await page.goto(`/product/${slug}`);
  await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();

  await page.goto(`/admin/products?q=${slug}&status=active`);
  await expect(page.getByText('No product matches.')).toBeVisible();
  await page.getByLabel('Status').selectOption('Not for sale');
  await expect(rows(page).filter({ hasText: name })).toContainText('€27.00');
  await page.getByRole('link', { name }).click();
  await page.getByLabel('On sale').check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('link', { name: 'See it in the shop' }).click();
  await expect(page.getByText('€27.00')).toBeVisible();
});

test('the admin finds an order by number, mail and status, sees what happened to it, and ships it', async ({
  page,
}) => {
  const { email, order, client } = await customerWithOrder();
  await asAdmin(page);
  await page.goto('/admin/orders');
  const filter = page.getByRole('searchbox', { name: 'Number, id or e-mail' });
  await filter.fill(order.number);
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText(email);
  await page.getByLabel('Status').selectOption('Cancelled');
  await expect(page.getByText('No order matches.')).toBeVisible();
  await filter.fill(email);
  await page.getByLabel('Status').selectOption('Paid');
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole('link', { name: order.number }).click();

  await expect(page.getByRole('heading', { name: `Order ${order.number}` })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Payment' })).toContainText('€12.50');
  await expect(page.getByRole('region', { name: 'Mails' })).toContainText(email);
  await expect(page.getByRole('region', { name: 'Jobs' })).toContainText('done');
  await page.getByRole('button', { name: 'Mark as shipped' }).click();
  await expect(page.getByRole('main').getByText('Shipped', { exact: true })).toBeVisible();
  expect((await client.get(`/api/orders/${order.id}`)).body.status).toBe('shipped');
});

test('the admin sees which upload was rejected, and why', async ({ page }) => {
  await asAdmin(page);
  await page.goto('/admin/products/new');
  const buffer = Buffer.from(`no picture ${randomUUID()}`);
  await page.locator('input[type=file]').setInputFiles({ name: 'tray.png', mimeType: 'image/png', buffer });
  await expect(page.getByText('This file is not a picture.')).toBeVisible();
  await page.getByRole('link', { name: 'Uploads' }).click();
  await expect(rows(page).first()).toContainText('not-an-image');
  await expect(rows(page).first()).toContainText(String(buffer.length));
});

test('the tools behind the same login open: queues, mails, metrics', async ({ page }) => {
  await asAdmin(page);
  await page.goto('/admin/orders');
  await page.getByRole('link', { name: 'Queues' }).click();
  await expect(page).toHaveTitle(/Queues/);
  await expect(page.getByText('payments').first()).toBeVisible();
  for (const path of ['/mail/', '/prometheus/classic/graph']) {
    expect((await page.goto(path))?.status(), path).toBe(200);
  }
});
