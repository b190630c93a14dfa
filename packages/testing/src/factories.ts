import { randomBytes } from 'node:crypto';
import type { User } from '@shop/contracts/accounts.ts';
import { customers } from '@shop/database/schema/customers.ts';
import { type OrderStatus, orderLines, orders } from '@shop/database/schema/orders.ts';
import { categories, products } from '@shop/database/schema/products.ts';
import { stockChanges } from '@shop/database/schema/stock-changes.ts';
import { eq } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import type { App } from './app.ts';
import { TestClient } from './client.ts';

const unique = () => randomBytes(6).toString('hex');

export const anEmail = () => `shopper-${unique()}@example.com`;

export type SignedUp = { client: TestClient; user: User; password: string };

/** Registers somebody new by the API; `client` holds the cookies of that login. */
export async function signUp(app: App, client = new TestClient(app)): Promise<SignedUp> {
  const password = `correct horse ${unique()}`;
  const response = await client.post('/api/auth/register', { email: anEmail(), password, name: 'Ada' });
  if (response.statusCode !== 201) throw new Error(`register answered ${response.body}`);
  return { client, user: response.json(), password };
}

/** The same with the role of an admin, which no call gives: it is set in the database, then the admin logs in. */
export async function signUpAdmin(app: App): Promise<SignedUp> {
  const { client, user, password } = await signUp(app);
  await app.db.primary.transaction((tx) =>
    tx.update(customers).set({ role: 'admin' }).where(eq(customers.id, user.id)),
  );
  const response = await client.post('/api/auth/login', { email: user.email, password });
  if (response.statusCode !== 200) throw new Error(`login answered ${response.body}`);
  return { client, user: response.json(), password };
}

type NewProduct = Partial<typeof products.$inferInsert>;

/**
 * A product straight in the database, its first stock change included, in a category of its own unless one is named.
 * The catalogue hears of it, so that no client is shown the state before by a replica that lags.
 */
export async function makeProduct(app: App, overrides: NewProduct = {}) {
  const id = uuid();
  const name = `Teapot ${unique()}`;
  const category = overrides.category ?? `category-${unique()}`;
  const imageUrl = '/pictures/cherry-red-teapot-1-2-l-640.webp';
  const values = {
    id,
    slug: name.toLowerCase().replaceAll(' ', '-'),
    name,
    description: 'A pot for tea.',
    category,
    priceCents: 1_999,
    stock: 100,
    imageUrl,
    images: [{ url: imageUrl, width: 640, type: 'image/webp' }],
    ...overrides,
  };
  const { value, watermark } = await app.db.primary.transaction(async (tx) => {
    await tx.insert(categories).values({ id: category, name: category, imageUrl }).onConflictDoNothing();
    const [product] = await tx.insert(products).values(values).returning();
    await tx.insert(stockChanges).values({
      id: uuid(),
      productId: values.id,
      delta: values.stock,
      reason: 'initial',
      stockAfter: values.stock,
    });
    return product!;
  });
  await app.catalog.changed([value.id], watermark, { lists: true });
  return value;
}

/** An order of one line straight in the database, in any status: for what comes after buying. Takes no stock. */
export async function makeOrder(
  app: App,
  customerId: string,
  product: typeof products.$inferSelect,
  { status = 'paid', quantity = 1 }: { status?: OrderStatus; quantity?: number } = {},
) {
  const { value } = await app.db.primary.transaction(async (tx) => {
    const totalCents = product.priceCents * quantity;
    const [order] = await tx
      .insert(orders)
      .values({ id: uuid(), customerId, status, totalCents })
      .returning();
    await tx.insert(orderLines).values({
      orderId: order!.id,
      position: 1,
      productId: product.id,
      slug: product.slug,
      name: product.name,
      unitPriceCents: product.priceCents,
      quantity,
    });
    return order!;
  });
  return value;
}
