import type { Order } from '@shop/contracts/orders.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { changeStock, lockProducts, type StockCheck } from '@shop/database/stock.ts';
import { v7 as uuid } from 'uuid';
import { addEvents } from '../outbox/outbox.repository.ts';
import { ProblemError, validationError } from '../problem-error.ts';
import { insertOrder, type Line, lockOrder, type OrderRow, setStatus, toOrder } from './orders.repository.ts';

type Product = Awaited<ReturnType<typeof lockProducts>>[number];

/** The highest total that the database and every client can hold: 21 million euros. */
const maxTotalCents = 2_147_483_647;

/** What an order is made of. `stockCheck` is `before` only in a broken variant. */
export type OrderRequest = { customerId: string; basket: Basket; stockCheck?: StockCheck };

/** The lines of a request or of the cart. In a cart, a product that is no longer sold counts as out of stock. */
export type Basket = { source: 'request' | 'cart'; lines: Line[] };

/**
 * Places an order, completely or not at all: takes the stock, writes the order and its lines, and writes events for the
 * payment and the confirmation to the outbox. The products stay locked, in the order of their ids, until the
 * transaction ends.
 *
 * @throws ProblemError `cart-empty`, `validation-failed` with the path of the line, or `out-of-stock` with every short line.
 */
export async function placeOrder(
  tx: Transaction,
  { customerId, basket, stockCheck = 'inside' }: OrderRequest,
): Promise<Order> {
  const { lines } = basket;
  if (lines.length === 0) throw new ProblemError('cart-empty');
  rejectDuplicates(lines);
  const locked = await lockProducts(
    tx,
    lines.map(({ productId }) => productId),
    stockCheck,
  );
  const products = new Map(locked.map((product) => [product.id, product]));
  if (basket.source === 'request') rejectUnknown(lines, products);
  rejectOutOfStock(lines, products);

  const items = lines.map((line) => toItem(line, products.get(line.productId) as Product));
  const totalCents = items.reduce((sum, { lineTotalCents }) => sum + lineTotalCents, 0);
  if (totalCents > maxTotalCents)
    throw validationError('/body/items', `The total is over ${maxTotalCents} cents`);

  const id = uuid();
  const taken = lines.map(({ productId, quantity }) => ({ productId, delta: -quantity }));
  // No statement needs the answer of another, so they share one round trip.
  const [order, changed] = await Promise.all([
    insertOrder(tx, { id, customerId, totalCents, lines }),
    changeStock(tx, taken, { reason: 'order', orderId: id, check: stockCheck }),
    addEvents(tx, [
      { topic: 'payment.capture', payload: { orderId: id }, orderId: id },
      { topic: 'mail.order-confirmation', payload: { orderId: id }, orderId: id },
    ]),
  ]);
  if (changed !== lines.length) throw new Error('stock changed although the products were locked');
  return toOrder({ ...order, items });
}

/**
 * Cancels an order and returns its stock, once. An event in the outbox refunds a captured payment. If the capture is
 * still running, its job finds the order cancelled and refunds. Both lock the order's row.
 *
 * @throws ProblemError `not-found` or `order-not-cancellable`.
 */
export async function cancelOrder(tx: Transaction, customerId: string, orderId: string): Promise<Order> {
  // The lock makes this transaction wait for a standby at its commit, even when a repeated call changes nothing. So no
  // call reports a cancellation that a failover could still undo.
  const order = await lockOrder(tx, customerId, orderId);
  if (!order) throw new ProblemError('not-found');
  if (order.status === 'cancelled') return toOrder(order);
  if (order.status !== 'placed' && order.status !== 'paid') throw new ProblemError('order-not-cancellable');

  const [changed] = await Promise.all([
    setStatus(tx, orderId, 'cancelled'),
    returnStock(tx, order),
    ...(order.status === 'paid'
      ? [addEvents(tx, [{ topic: 'payment.refund', payload: { orderId }, orderId }])]
      : []),
  ]);
  return toOrder({ ...order, ...changed });
}

async function returnStock(tx: Transaction, { id, items }: OrderRow): Promise<void> {
  const returned = items.map(({ productId, quantity }) => ({ productId, delta: quantity }));
  await Promise.all([
    lockProducts(
      tx,
      returned.map(({ productId }) => productId),
    ),
    changeStock(tx, returned, { reason: 'order-cancelled', orderId: id }),
  ]);
}

function rejectDuplicates(lines: Line[]): void {
  const seen = new Set<string>();
  for (const [position, { productId }] of lines.entries()) {
    if (seen.has(productId))
      throw validationError(`/body/items/${position}/productId`, 'is in the order twice');
    seen.add(productId);
  }
}

function rejectUnknown(lines: Line[], products: Map<string, Product>): void {
  for (const [position, { productId }] of lines.entries()) {
    if (!products.get(productId)?.active) {
      throw validationError(`/body/items/${position}/productId`, 'is no product of this shop');
    }
  }
}

function rejectOutOfStock(lines: Line[], products: Map<string, Product>): void {
  const short = lines.flatMap(({ productId, quantity }) => {
    const product = products.get(productId);
    const available = product?.active ? product.stock : 0;
    if (available >= quantity) return [];
    return [{ productId, name: product?.name ?? 'No longer sold', requested: quantity, available }];
  });
  if (short.length > 0) throw new ProblemError('out-of-stock', { products: short });
}

function toItem({ productId, quantity }: Line, { slug, name, priceCents }: Product): Order['items'][number] {
  return {
    productId,
    slug,
    name,
    unitPriceCents: priceCents,
    quantity,
    lineTotalCents: priceCents * quantity,
  };
}
