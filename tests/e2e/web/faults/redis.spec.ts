import { expect, test } from '@playwright/test';
import { pause, unpause } from '@shop/chaos/faults/pause.ts';
import { type Container, running } from '@shop/chaos/topology/topology.ts';
import { execIn } from '@shop/docker/in-container.ts';
import {
  cartCount,
  changeCart,
  makeProduct,
  newCustomer,
  ordersOf,
  placeOrder,
  putIntoCart,
  thankYou,
} from '../shopper.ts';

const role = 'REDISCLI_AUTH=$(cat /run/secrets/redis/password) redis-cli --no-auth-warning role';

/** The Redis node that takes writes now. */
async function redisMaster(): Promise<Container> {
  for (const service of ['redis-1', 'redis-2', 'redis-3']) {
    const [node] = await running(service);
    if ((await execIn(node!.id, 'sh', '-c', role)).startsWith('master')) return node!;
  }
  throw new Error('no Redis node is the master');
}

test('when Redis falls silent between two clicks, the page waits, says so, and continues with the same login', async ({
  page,
}) => {
  await newCustomer(page);
  const product = await makeProduct(10);
  await putIntoCart(page, product);
  await page.goto('/cart');
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 1 piece');
  const master = await redisMaster();
  try {
    await pause(master);
    const saved = changeCart(page, () => page.getByRole('button', { name: 'One more' }).click());
    // Shown at once; what the shop says about it follows when Sentinel has chosen another master.
    await expect(cartCount(page)).toHaveAccessibleName('Cart, 2 pieces');
    await saved;
    await page.getByRole('link', { name: 'Go to checkout' }).click();
    await expect(page.getByText('2 × €12.50')).toBeVisible();
    await placeOrder(page).click();
    await expect(thankYou(page)).toBeVisible();
  } finally {
    await unpause(master);
  }
  const [order, ...more] = await ordersOf(page);
  expect(order?.items).toMatchObject([{ productId: product.id, quantity: 2 }]);
  expect(more).toEqual([]);
});
