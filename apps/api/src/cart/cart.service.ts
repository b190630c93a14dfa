import type { Cart, CartLine } from '@shop/contracts/cart.ts';
import type { Consistency } from '@shop/database/consistency.ts';
import type { Redis } from 'ioredis';
import type { CatalogProduct } from '../catalog/catalog.repository.ts';
import type { Catalog } from '../catalog/catalog.service.ts';
import { ProblemError, validationError } from '../problem-error.ts';
import * as carts from './cart.repository.ts';

export type CartStores = { redis: Redis; redisDurable: Redis; catalog: Catalog };

/** What is in the cart of an owner, at today's prices; null is a guest who has none yet. */
export async function showCart(
  { redis, catalog }: CartStores,
  owner: carts.CartOwner | null,
  consistency: Consistency,
): Promise<Cart> {
  const { items } = owner === null ? { items: [] } : await carts.readCart(redis, owner);
  const products = await catalog.productsById(
    items.map(({ productId }) => productId),
    consistency,
  );
  const lines = items.flatMap(({ productId, quantity }) => {
    const product = products.get(productId);
    return product ? [toLine(product, quantity)] : [];
  });
  return {
    items: lines,
    totalCents: lines.reduce((sum, { lineTotalCents }) => sum + lineTotalCents, 0),
    currency: 'EUR',
  };
}

/**
 * Puts a product that is for sale into the cart, also more than there is: what is there when it is ordered counts.
 *
 * @throws ProblemError `not-found`, or `validation-failed` when the cart is full.
 */
export async function putItem(
  { redisDurable, catalog }: CartStores,
  owner: carts.CartOwner,
  line: carts.CartLine,
  consistency: Consistency,
  deadline: AbortSignal,
): Promise<void> {
  if (!(await catalog.product(line.productId, consistency))) throw new ProblemError('not-found');
  if (!(await carts.setItem(redisDurable, owner, line, deadline))) {
    throw validationError('/params/productId', 'The cart is full');
  }
}

/** A product that is no longer for sale stays in the cart, so that the shopper sees what became of it. */
function toLine(
  { id, slug, name, imageUrl, priceCents, active, stock }: CatalogProduct,
  quantity: number,
): CartLine {
  return {
    productId: id,
    slug,
    name,
    imageUrl,
    priceCents,
    quantity,
    lineTotalCents: priceCents * quantity,
    available: active && stock >= quantity,
  };
}
