import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { asAdmin, buy, makeProduct, newCustomer, putIntoCart, settled } from './shopper.ts';

const widths = [390, 768, 1280, 1920];

/** While a list of suggestions is open, Base UI hides the rest of the page from assistive technology, its main part too. */
const hiddenBehindList = ['aria-hidden-focus', 'landmark-one-main', 'page-has-heading-one'];

/**
 * What axe objects to; on a light desktop in the one project, on a dark phone in the other.
 * @param without rules of axe that do not hold for what is open on the page.
 */
async function violations(page: Page, without: string[] = []): Promise<unknown[]> {
  // Colours are on their way for a moment, however short.
  const moving = () =>
    page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length);
  await expect.poll(moving).toBe(0);
  const { violations: found } = await new AxeBuilder({ page }).disableRules(without).analyze();
  return found.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html.slice(0, 200)) }));
}

/** Widths at which the page has to be scrolled sideways. */
async function tooNarrow(page: Page): Promise<number[]> {
  const size = page.viewportSize()!;
  const found: number[] = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: size.height });
    // The style sheet's rules for a width hold from the next frame on.
    await page.evaluate(
      () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
    );
    if (await page.evaluate(() => document.scrollingElement!.scrollWidth > innerWidth)) found.push(width);
  }
  await page.setViewportSize(size);
  return found;
}

/** Complaints of the browser: an error of a script, something that the Content-Security-Policy forbids. */
function noteComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // A status that is no success is reported there, too: some pages are about one.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  return complaints;
}

async function expectGoodPages(page: Page, paths: string[], isMobile: boolean): Promise<void> {
  const complaints = noteComplaints(page);
  const titles = new Set<string>();
  for (const path of paths) {
    await page.goto(path);
    await settled(page);
    expect.soft(await violations(page), `axe on ${path}`).toEqual([]);
    // A page of a phone keeps its width.
    if (!isMobile) expect.soft(await tooNarrow(page), `widths at which ${path} is too wide`).toEqual([]);
    titles.add(await page.title());
  }
  expect.soft(complaints).toEqual([]);
  expect.soft([...titles], 'each page has a title of its own').toHaveLength(paths.length);
}

test('the pages of a guest', async ({ page, isMobile }) => {
  const { slug } = await makeProduct(3);
  await expectGoodPages(
    page,
    [
      '/',
      '/category/bakery',
      '/search?q=bread',
      '/search?q=qqqqqqqq',
      `/product/${slug}`,
      '/product/sourdough-loaf-800-g',
      '/product/no-such-product',
      '/cart',
      '/login?from=%2Forders',
      '/register',
      '/system',
      '/errors/out-of-stock',
    ],
    isMobile,
  );
  await expectGoodPages(page, ['/no/such/page'], isMobile);
});

test('the pages of a customer', async ({ page, isMobile }) => {
  await newCustomer(page);
  const product = await makeProduct(9);
  const cancelled = await buy(page, product);
  await page.request.post(`/api/orders/${cancelled.id}/cancel`);
  const { id } = await buy(page, product);
  await putIntoCart(page, product, 10);
  await expectGoodPages(
    page,
    ['/cart', '/checkout', '/orders', `/orders/${id}?new=true`, `/orders/${cancelled.id}`, '/account'],
    isMobile,
  );
});

test('the pages of the admin', async ({ page, isMobile }) => {
  await newCustomer(page);
  const product = await makeProduct(9);
  const { id } = await buy(page, product);
  await asAdmin(page);
  await expectGoodPages(
    page,
    [
      '/admin/products',
      '/admin/products/new',
      `/admin/products/${product.id}`,
      '/admin/orders',
      `/admin/orders/${id}`,
      '/admin/uploads',
    ],
    isMobile,
  );
});

test('the parts that open on a page: suggestions, a notice, the review form, errors beside fields', async ({
  page,
}) => {
  await newCustomer(page);
  const { slug } = await makeProduct(3);
  await page.goto(`/product/${slug}`);
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
  await page.getByRole('button', { name: 'Write a review' }).click();
  await page.getByRole('button', { name: 'Send the review' }).click();
  await expect(page.getByText('Please choose one.')).toBeVisible();
  expect.soft(await violations(page), 'notice, form and its errors').toEqual([]);
  await page.getByPlaceholder('Search for something nice').click();
  await page.getByRole('combobox').pressSequentially('green');
  await expect(page.getByRole('option').first()).toBeVisible();
  expect.soft(await violations(page, hiddenBehindList), 'suggestions').toEqual([]);
});
