import { expect, test } from '@playwright/test';
import { announced, logIn, newAccount, newCustomer, register } from './shopper.ts';

test('an account is made, left, and found again', async ({ page }) => {
  await page.goto('/register');
  const account = await register(page);
  await page.getByRole('link', { name: 'Account of Robin Reader' }).click();
  await expect(page.getByRole('heading', { name: 'Robin Reader' })).toBeVisible();
  await expect(page.getByText(account.email)).toBeVisible();
  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page.getByRole('link', { name: 'Log in' })).toBeVisible();
  expect((await page.request.get('/api/auth/me')).status()).toBe(401);
  await page.goto('/account');
  await expect(page).toHaveURL(/\/login\?from=%2Faccount/);
  await logIn(page, account);
  await expect(page).toHaveURL(/\/account$/);
  await expect(page.getByRole('heading', { name: 'Robin Reader' })).toBeVisible();
});

test('an error of a form is shown beside its field', async ({ page }) => {
  await page.goto('/register');
  await page.getByLabel('E-mail').fill('nobody');
  await page.getByLabel('Password').fill('short');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await expect(page.getByLabel('Name')).toHaveAccessibleDescription('Please fill this in.');
  await expect(page.getByLabel('E-mail')).toHaveAccessibleDescription('This is not an e-mail address.');
  await expect(page.getByLabel('Password')).toHaveAccessibleDescription('At least 8 characters, please.');
  // The keyboard stands where there is something to fix.
  await expect(page.getByLabel('Name')).toBeFocused();

  const taken = await newCustomer(page);
  await page.getByLabel('Name').fill('Robin Reader');
  await page.getByLabel('E-mail').fill(taken.email);
  await page.getByLabel('Password').fill('long enough');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await expect(page.getByLabel('E-mail')).toHaveAccessibleDescription('This address has an account already.');
});

test('the message for a wrong password does not tell whether the account exists', async ({ page }) => {
  const { email } = await newCustomer(page);
  await page.context().clearCookies();
  const said: (string | null)[] = [];
  for (const tried of [email, newAccount().email]) {
    await page.goto('/login');
    await page.getByLabel('E-mail').fill(tried);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(announced(page)).toBeVisible();
    said.push(await announced(page).textContent());
  }
  expect(said[0]).toBe(said[1]);
});

test('a session that has ended leads to the login, and back to the same place', async ({ page, context }) => {
  const account = await newCustomer(page);
  await page.goto('/account');
  await expect(page.getByRole('heading', { name: 'Robin Reader' })).toBeVisible();
  await context.clearCookies({ name: 'sid' });
  await page.getByRole('link', { name: 'Your orders' }).click();
  await expect(page).toHaveURL(/\/login\?from=%2Forders/);
  await logIn(page, account);
  await expect(page).toHaveURL(/\/orders$/);
  await expect(page.getByRole('heading', { name: 'Your orders' })).toBeVisible();
});

test('the theme that is chosen is there before the first paint, and stays', async ({ page }) => {
  await page.goto('/');
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const bySystem = await ground();
  const other = (await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches))
    ? 'light'
    : 'dark';
  const button = page.getByRole('button', { name: /^Theme: / });
  while (!(await button.getAttribute('aria-label'))?.startsWith(`Theme: ${other}`)) await button.click();
  // A colour takes a moment to change, however short.
  await expect.poll(ground).not.toBe(bySystem);
  const chosen = await ground();
  // No script of the storefront: what stands there is the page before its first paint.
  await page.route('**/assets/*.js', (route) => route.abort());
  await page.reload();
  expect(await ground()).toBe(chosen);
});
