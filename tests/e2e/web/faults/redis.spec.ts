import { expect, test } from '@playwright/test';
import { pause, unpause } from '@shop/chaos/faults/pause.ts';
import { find } from '@shop/chaos/topology/targets.ts';
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

test('when Redis falls silent between two clicks, the page waits, says so, and continues with the same login', async ({
  page,
}) => {
  await newCustomer(page);
  const product = await makeProduct(10);
  await putIntoCart(page, product);
  await page.goto('/cart');
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 1 piece');
  const master = await find('redis-primary');
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
