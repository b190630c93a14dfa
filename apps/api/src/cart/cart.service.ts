import type { Cart, CartLine } from '@shop/contracts/cart.ts';
import type { Consistency } from '@shop/database/consistency.ts';
import type { Redis } from 'ioredis';
import type { CatalogProduct } from '../catalog/catalog.repository.ts';
import type { Catalog } from '../catalog/catalog.service.ts';
import { ProblemError } from '../problem-error.ts';
import {
  type CallOnCart,
  type CartChange,
  type CartOwner,
  type ChangeResult,
  changeCart,
  readCart,
  type StoredCart,
  unwrittenVersion,
} from './cart.repository.ts';

export type CartStores = { redis: Redis; redisDurable: Redis; catalog: Catalog };

/** A call that changes a cart and shows it at this consistency. */
export type CartCall = Required<CallOnCart> & { consistency: Consistency };

/** Reads the cart of an owner. The owner null is a guest without a session, whose cart is empty. */
export async function findCart({ redis }: CartStores, owner: CartOwner | null): Promise<StoredCart> {
  return owner === null ? { version: unwrittenVersion, items: [] } : await readCart(redis, owner);
}

/** Shows a cart at today's prices. */
export async function showCart(
  { catalog }: CartStores,
  { version, items }: StoredCart,
  consistency: Consistency,
): Promise<Cart> {
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
    version,
  };
}

/**
 * Adds to a line or sets it, also beyond the stock: only the stock at the time of the order counts. A repetition is
 * answered even when the product is no longer sold.
 *
 * @throws ProblemError `not-found` for a product that is not sold, and what `change` throws.
 */
export async function putIntoCart(
  stores: CartStores,
  call: CartCall,
  change: CartChange & { productId: string },
): Promise<ChangeResult> {
  const sold = await stores.catalog.product(change.productId, call.consistency);
  return await changeOnce(stores, call, sold ? change : { operation: 'nothing' });
}

/**
 * Makes a change once for its key.
 *
 * @throws ProblemError `cart-changed`, `idempotency-key-reused`, `rate-limited` when the cart remembers too many keys,
 * `session-changed` when the guest has just logged in, and `validation-failed` when the cart has no room for another line.
 */
export async function changeOnce(
  { redisDurable }: CartStores,
  call: CartCall,
  change: CartChange,
): Promise<ChangeResult> {
  const result = await changeCart(redisDurable, call, change);
  if (result.outcome === 'done' || result.outcome === 'replayed') return result;
  throw problemOf(result.outcome, change);
}

/** Long enough for some of this day's keys to expire. */
const exhaustedRetrySeconds = 600;

function problemOf(outcome: ChangeResult['outcome'], { operation }: CartChange): ProblemError {
  if (outcome === 'reused') return new ProblemError('idempotency-key-reused');
  if (outcome === 'changed') return new ProblemError('cart-changed');
  if (outcome === 'exhausted') {
    return new ProblemError('rate-limited', { retryAfterSeconds: exhaustedRetrySeconds });
  }
  // The same call with the cookie of the new session goes into the customer's cart.
  if (outcome === 'merged') return new ProblemError('session-changed', { retryAfterSeconds: 1 });
  if (outcome === 'unknown') return new ProblemError('not-found');
  const path = operation === 'add' ? '/body/productId' : '/params/productId';
  return new ProblemError('validation-failed', { errors: [{ path, message: 'The cart is full' }] });
}

/** A product that is no longer sold stays in the cart, so that the shopper learns about it. */
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
