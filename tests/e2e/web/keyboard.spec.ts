import { expect, type Locator, type Page, test } from '@playwright/test';
import { cartCount, newCustomer, ordersOf, placeOrder, thankYou } from './shopper.ts';

/** More stops than any page here has. */
const mostStops = 1_000;

/** Presses Tab until the keyboard stands on `target`, and sees that one can see it. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stops = 0; stops < mostStops; stops += 1) {
    await page.keyboard.press('Tab');
    if (!(await target.evaluate((element) => element === document.activeElement))) continue;
    expect(await target.evaluate((element) => getComputedStyle(element).outlineStyle)).not.toBe('none');
    return;
  }
  throw new Error(`Tab never reaches ${target}`);
}

test('the shop is used by keyboard alone: search, product, cart, checkout', async ({ page }) => {
  await newCustomer(page);
  await page.goto('/');
  await expect(page.getByRole('article').first()).toBeVisible();

  // By its name: the field with suggestions takes the place of the plain one as soon as it has the keyboard.
  await tabTo(page, page.locator('input[name=q]'));
  await page.keyboard.type('sourd');
  // The list may still have the suggestions for the first letters.
  await expect(page.getByRole('option').first()).toContainText(/sourdough/i);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/product\/.*sourd/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Sourdough');

  await tabTo(page, page.getByRole('button', { name: 'One more' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: 'Add to cart' }));
  await page.keyboard.press('Space');
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 2 pieces');

  await tabTo(page, cartCount(page));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Your cart' })).toBeVisible();
  const quantity = page.getByRole('textbox', { name: 'Quantity' });
  await tabTo(page, quantity);
  await page.keyboard.press('Control+A');
  await page.keyboard.type('3');
  await page.keyboard.press('Enter');
  await expect(cartCount(page)).toHaveAccessibleName('Cart, 3 pieces');

  await tabTo(page, page.getByRole('link', { name: 'Go to checkout' }));
  await page.keyboard.press('Enter');
  await expect(placeOrder(page)).toBeEnabled();
  await tabTo(page, placeOrder(page));
  await page.keyboard.press('Enter');
  await expect(thankYou(page)).toBeVisible();
  expect((await ordersOf(page))[0]?.items).toMatchObject([{ quantity: 3 }]);
});

test('one can skip to the content, and a new page is read from its beginning', async ({ page }) => {
  await page.goto('/category/bakery');
  await expect(page.getByRole('article').first()).toBeVisible();
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to the content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
  await tabTo(page, page.getByRole('article').first().getByRole('link'));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/product\//);
  await expect(page.getByRole('main')).toBeFocused();
});

test('what is typed before the field with suggestions has come gets suggestions, too', async ({ page }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/assets/search-box-*.js', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/');
  await page.locator('input[name=q]').click();
  await page.keyboard.type('sourd');
  release();
  await expect(page.getByRole('option').first()).toContainText(/sourdough/i);
  await expect(page.locator('input[name=q]')).toHaveValue('sourd');
});

test('suggestions are left with Escape, and the search goes on without them', async ({ page }) => {
  await page.goto('/');
  await page.getByPlaceholder('Search for something nice').focus();
  const box = page.getByRole('combobox', { name: 'Search the shop' });
  await expect(box).toBeFocused();
  await page.keyboard.type('green');
  await expect(page.getByRole('option').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('option')).toHaveCount(0);
  await expect(box).toHaveValue('green');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/search\?q=green/);
  await expect(page.getByRole('article').first()).toBeVisible();
});
