import { expect, test } from '@playwright/test';
import { payments } from '@shop/chaos/faults/payments.ts';
import { cartCount, currentStep, makeProduct, newCustomer, placeOrder, putIntoCart } from '../shopper.ts';

test('a declined payment is explained, and the thing can be bought again', async ({ page }) => {
  await newCustomer(page);
  const product = await makeProduct(5);
  await putIntoCart(page, product);
  await payments({ mode: 'decline' });
  try {
    await page.goto('/checkout');
    await placeOrder(page).click();
    await expect(currentStep(page)).toHaveText('Payment failed');
  } finally {
    await payments({ mode: 'normal' });
  }
  await expect(page.getByText('The payment was declined. Nothing was taken')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Cancel this order' })).toHaveCount(0);
  await page.getByRole('main').getByRole('link', { name: product.name }).click();
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 1 piece');
});
