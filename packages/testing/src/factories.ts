import { randomBytes } from 'node:crypto';
import type { OrderStatus } from '@shop/contracts/values.ts';
import type { Committed, Primary } from '@shop/database/primary.ts';
import { customers } from '@shop/database/schema/customers.ts';
import { orderLines, orders } from '@shop/database/schema/orders.ts';
import { categories, products } from '@shop/database/schema/products.ts';
import { stockChanges } from '@shop/database/schema/stock-changes.ts';
import { v7 as uuid } from 'uuid';

/** The part of a database that these factories need: they write to the primary and import no app. */
type Writable = { primary: Primary };

export type CustomerRow = typeof customers.$inferSelect;
export type ProductRow = typeof products.$inferSelect;
export type OrderRow = typeof orders.$inferSelect;

export const unique = () => randomBytes(6).toString('hex');

export const anEmail = () => `shopper-${unique()}@example.com`;

/** A customer whose password hash matches no password: no login can use the account. */
export async function insertCustomer(
  db: Writable,
  overrides: Partial<typeof customers.$inferInsert> = {},
): Promise<CustomerRow> {
  const values = { id: uuid(), email: anEmail(), name: 'Ada', passwordHash: '', ...overrides };
  const { value } = await db.primary.transaction((tx) => tx.insert(customers).values(values).returning());
  return value[0]!;
}

/** A product and its first stock change, in a category of its own unless `overrides` names one. */
export async function insertProduct(
  db: Writable,
  overrides: Partial<typeof products.$inferInsert> = {},
): Promise<Committed<ProductRow>> {
  const name = `Teapot ${unique()}`;
  const category = overrides.category ?? `category-${unique()}`;
  const imageUrl = '/pictures/cherry-red-teapot-1-2-l-640.webp';
  const values = {
    id: uuid(),
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
  return await db.primary.transaction(async (tx) => {
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
}

/** An order of one line in any status, for tests of what follows an order. It takes no stock and has no events. */
export async function insertOrder(
  db: Writable,
  customerId: string,
  product: ProductRow,
  { status = 'paid', quantity = 1 }: { status?: OrderStatus; quantity?: number } = {},
): Promise<OrderRow> {
  const { value } = await db.primary.transaction(async (tx) => {
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
