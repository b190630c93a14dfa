import { expect, test } from '@playwright/test';
import { startAgain } from '@shop/chaos/faults/kill.ts';
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
  putIntoCart,
  thankYou,
} from '../shopper.ts';

const answers = (edge: string) =>
  fetch(`${edge}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
    ({ ok }) => ok,
    () => false,
  );

test('when the page’s edge is stopped, shopping continues at the other edge with the same login', async ({
  page,
}) => {
  const [edge] = await running('edge-1');
  await newCustomer(page);
  const product = await makeProduct(10);
  await putIntoCart(page, product);
  await page.goto('/cart');
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 1 piece');
  // What comes later is fetched ahead once the page has nothing better to do.
  await page.waitForLoadState('networkidle');
  try {
    await stop(edge!);
    await page.getByRole('button', { name: 'One more' }).click();
    await expect(cartCount(page)).toHaveAccessibleName('Cart, 2 pieces');
    await page.getByRole('link', { name: 'Go to checkout' }).click();
    await placeOrder(page).click();
    await expect(thankYou(page)).toBeVisible();
    // A page that was never opened before, and its pictures.
    await page.getByRole('main').getByRole('link', { name: product.name }).click();
    await expect(page.getByRole('heading', { level: 1, name: product.name })).toBeVisible();
    const picture = page.getByRole('main').getByRole('img', { name: product.name });
    await expect
      .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(0);
  } finally {
    await startAgain(edge!);
    await pWaitFor(() => answers(edges[0]), { interval: 200, timeout: 30_000 });
  }
  const [order, ...more] = await ordersOf(page);
  expect(order?.items).toMatchObject([{ productId: product.id, quantity: 2 }]);
  expect(more).toEqual([]);
});
