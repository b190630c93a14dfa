import { setTimeout as sleep } from 'node:timers/promises';
import { maxQuantity } from '@shop/contracts/values.ts';
import { type CartChange, type CartLine, type CartOwner, readCart } from './cart.repository.ts';
import type { CartStores } from './cart.service.ts';

/** Waits between reading and writing, so that all concurrent additions read before any of them writes. */
const heldMs = 200;

/** A broken variant: an addition reads the cart and sets the sum. Of two additions at once, one is lost. */
export async function readThenSet(
  { redis }: CartStores,
  owner: CartOwner,
  { productId, quantity }: CartLine,
): Promise<CartChange & { productId: string }> {
  const { items } = await readCart(redis, owner);
  const before = items.find((line) => line.productId === productId)?.quantity ?? 0;
  await sleep(heldMs);
  return { operation: 'set', productId, quantity: Math.min(before + quantity, maxQuantity) };
}
