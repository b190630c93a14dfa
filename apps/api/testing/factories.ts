import type { User } from '@shop/contracts/accounts.ts';
import { customers } from '@shop/database/schema/customers.ts';
import { anEmail, insertOrder, insertProduct, type ProductRow, unique } from '@shop/testing/factories.ts';
import { eq } from 'drizzle-orm';
import type { App } from './app.ts';
import { type Response, TestClient } from './client.ts';

export type SignedUp = { client: TestClient; user: User; password: string };

/** The user in the answer of a login or a registration, which also says what was not merged. */
function userOf(response: Response): User {
  const { notMerged: _, ...user } = response.json();
  return user;
}

/** Registers a new customer by the API. @returns a client with the cookies of that session. */
export async function signUp(app: App, client = new TestClient(app)): Promise<SignedUp> {
  const password = `correct horse ${unique()}`;
  const response = await client.post('/api/auth/register', { email: anEmail(), password, name: 'Ada' });
  if (response.statusCode !== 201) throw new Error(`register answered ${response.body}`);
  return { client, user: userOf(response), password };
}

/** As `signUp`, with the role of an admin. No call gives that role: it is set in the database before a login. */
export async function signUpAdmin(app: App): Promise<SignedUp> {
  const { client, user, password } = await signUp(app);
  await app.db.primary.transaction((tx) =>
    tx.update(customers).set({ role: 'admin' }).where(eq(customers.id, user.id)),
  );
  const response = await client.post('/api/auth/login', { email: user.email, password });
  if (response.statusCode !== 200) throw new Error(`login answered ${response.body}`);
  return { client, user: userOf(response), password };
}

/**
 * A product, written to the database (`insertProduct`). The catalogue's cache is told of it, so that a replica that
 * lags shows no client the state before.
 */
export async function makeProduct(
  app: App,
  overrides: Parameters<typeof insertProduct>[1] = {},
): Promise<ProductRow> {
  const { value: product, watermark } = await insertProduct(app.db, overrides);
  await app.catalog.invalidate([product.id], watermark, { lists: true });
  return product;
}

/** An order of one line in any status, written to the database. */
export async function makeOrder(
  app: App,
  customerId: string,
  product: ProductRow,
  options: Parameters<typeof insertOrder>[3] = {},
) {
  return await insertOrder(app.db, customerId, product, options);
}
