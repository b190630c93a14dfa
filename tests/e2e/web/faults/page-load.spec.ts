import { expect, test } from '@playwright/test';
import { startAgain } from '@shop/chaos/faults/kill.ts';
import { pause, unpause } from '@shop/chaos/faults/pause.ts';
import { stop } from '@shop/chaos/faults/stop.ts';
import { running } from '@shop/chaos/topology/topology.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import pWaitFor from 'p-wait-for';
import {
  cartCount,
  makeProduct,
  newCustomer,
  ordersOf,
  placeOrder,
  thankYou,
  visitUntilShellIsKept,
} from '../shopper.ts';

const answers = (edge: string) =>
  fetch(`${edge}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
    ({ ok }) => ok,
    () => false,
  );

test('a page opens while its edge is stopped, and the shopper buys there', async ({ page }) => {
  const [edge] = await running('edge-1');
  await newCustomer(page);
  const product = await makeProduct(10);
  await visitUntilShellIsKept(page);
  try {
    await stop(edge!);
    expect(await answers(edges[0])).toBe(false);
    await page.goto(`/product/${product.slug}`);
    await expect(page.getByRole('heading', { level: 1, name: product.name })).toBeVisible();
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await expect(cartCount(page)).toHaveAccessibleName('Cart, 1 piece');
    await page.goto('/checkout');
    await placeOrder(page).click();
    await expect(thankYou(page)).toBeVisible();
    await page.reload();
    await expect(thankYou(page)).toBeVisible();
    expect(new URL(page.url()).origin).toBe(edges[0]);
  } finally {
    await startAgain(edge!);
    await pWaitFor(() => answers(edges[0]), { interval: 200, timeout: 30_000 });
  }
  expect(await ordersOf(page)).toMatchObject([{ items: [{ productId: product.id, quantity: 1 }] }]);
});

test('a page opens while its edge is frozen and closes no connection', async ({ page }) => {
  const [edge] = await running('edge-1');
  const product = await makeProduct(10);
  await visitUntilShellIsKept(page);
  try {
    await pause(edge!);
    await page.goto(`/product/${product.slug}`);
    await expect(page.getByRole('heading', { level: 1, name: product.name })).toBeVisible();
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await expect(cartCount(page)).toHaveAccessibleName('Cart, 1 piece');
  } finally {
    await unpause(edge!);
    await pWaitFor(() => answers(edges[0]), { interval: 200, timeout: 30_000 });
  }
});
