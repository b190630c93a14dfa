import { expect, test } from '@playwright/test';
import { logIn, makeProduct, newCustomer } from './shopper.ts';

for (const text of ['27', 'true', 'null', '[1]', '"bread"', '{"a":1}', '1e3']) {
  test(`/search?q=${text} searches for that text`, async ({ page }) => {
    const asked = page.waitForRequest((request) => new URL(request.url()).pathname === '/api/products');
    await page.goto(`/search?q=${encodeURIComponent(text)}`);
    expect(new URL((await asked).url()).searchParams.get('q')).toBe(text);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`“${text}”`);
    await expect(page.getByRole('searchbox').or(page.getByRole('combobox')).first()).toHaveValue(text);
    // Typed into the field of the header, it is the same text.
    await page.goto('/');
    await page.locator('input[name=q]').fill(text);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`“${text}”`);
  });
}

test('the administration searches for text, too', async ({ page }) => {
  await page.goto('/admin/orders?q=27');
  await expect(page).toHaveURL(/\/login\?from=/);
  expect(new URL(page.url()).searchParams.get('from')).toBe('/admin/orders?q=27');
});

test('the login leads back to the address as it was, and to no other site', async ({ page, context }) => {
  const account = await newCustomer(page);
  const q = '50% & #1 $a, 100%25';
  for (const [from, shown, searched] of [
    [`/search?${new URLSearchParams({ q })}`, '/search', q],
    // Read as a path, it would lose its slashes and have a parameter.
    ['/search?q=24//7+{$a}/', '/search', '24//7 {$a}/'],
    ['/\t/evil.example/', '/', null],
  ] as const) {
    await context.clearCookies();
    await page.goto(`/login?${new URLSearchParams({ from })}`);
    await logIn(page, account);
    await expect.poll(() => new URL(page.url()).pathname).toBe(shown);
    expect(new URL(page.url()).searchParams.get('q')).toBe(searched);
  }
});

for (const [asked, shown] of [
  ['/cart/', '/cart'],
  ['/%63art', '/cart'],
  ['/category/b%61kery/?sort=name', '/category/bakery?sort=name'],
  ['/product/sourdough-loaf-800-g/', '/product/sourdough-loaf-800-g'],
] as const) {
  test(`${asked} shows the page ${shown}`, async ({ page, baseURL }) => {
    const reply = await page.goto(asked);
    expect(reply?.status()).toBe(200);
    expect(page.url()).toBe(`${baseURL}${shown}`);
    await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('There is nothing here');
  });
}

for (const language of ['C', 'en-US@posix', '', '*']) {
  test(`a browser whose language is ${JSON.stringify(language)} gets prices and dates`, async ({ page }) => {
    const { slug } = await makeProduct(3);
    await page.addInitScript((value) => {
      Object.defineProperty(navigator, 'language', { get: () => value });
      Object.defineProperty(navigator, 'languages', { get: () => [value] });
    }, language);
    await page.goto(`/product/${slug}`);
    await expect(page.getByText('€12.50')).toBeVisible();
  });
}
