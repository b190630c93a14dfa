import { readFileSync } from 'node:fs';
import { maxLines, maxQuantity } from '@shop/contracts/cart.ts';
import { replicatedWrite } from '@shop/redis/replicated-write.ts';
import type { Redis } from 'ioredis';
import { v7 as uuid } from 'uuid';

/** Whose cart it is: `customer:<id>` or `session:<SHA-256 of the session id>`. */
export type CartOwner = string;
export type CartLine = { productId: string; quantity: number };
/** `version` is new after each write and never comes back; null for a cart that was never written. */
export type StoredCart = { version: string | null; items: CartLine[] };

const day = 24 * 3600;
const guestTtlSeconds = 7 * day;
const customerTtlSeconds = 30 * day;

const script = (name: string) => readFileSync(new URL(`scripts/${name}.lua`, import.meta.url), 'utf8');
const setItemScript = script('set-item');
const removeItemScript = script('remove-item');
const clearScript = script('clear');
const mergeScript = script('merge');

const keyOf = (owner: CartOwner) => `cart:${owner}`;
const ttlOf = (owner: CartOwner) => (owner.startsWith('customer:') ? customerTtlSeconds : guestTtlSeconds);

/** The lines in the order in which they were added. */
export async function readCart(redis: Redis, owner: CartOwner): Promise<StoredCart> {
  const { version = null, ...lines } = await redis.hgetall(keyOf(owner));
  const items = Object.entries(lines).map(([productId, quantity]) => ({
    productId,
    quantity: Number(quantity),
  }));
  return { version, items };
}

/** Sets, does not add. @returns false when the cart is full. */
export async function setItem(
  redis: Redis,
  owner: CartOwner,
  { productId, quantity }: CartLine,
  deadline?: AbortSignal,
): Promise<boolean> {
  const args = [uuid(), ttlOf(owner), maxLines, productId, quantity];
  return (await write(redis, setItemScript, [keyOf(owner)], args, deadline)) === 1;
}

/** Nothing happens when the line is not there. */
export async function removeItem(
  redis: Redis,
  owner: CartOwner,
  productId: string,
  deadline?: AbortSignal,
): Promise<void> {
  await write(redis, removeItemScript, [keyOf(owner)], [uuid(), ttlOf(owner), productId], deadline);
}

export async function clear(redis: Redis, owner: CartOwner, deadline?: AbortSignal): Promise<void> {
  await write(redis, clearScript, [keyOf(owner)], [uuid(), ttlOf(owner), ''], deadline);
}

/**
 * Empties the cart if it is still the one that was read (compare-and-delete): after an order, however often it is
 * replayed, newer items stay. @returns whether it was cleared.
 */
export async function clearIfVersion(
  redis: Redis,
  owner: CartOwner,
  version: string,
  deadline?: AbortSignal,
): Promise<boolean> {
  const args = [uuid(), ttlOf(owner), version];
  return (await write(redis, clearScript, [keyOf(owner)], args, deadline)) === 1;
}

/** At login: adds the guest's quantities to the customer's, up to 99 each, and deletes the guest's cart. */
export async function mergeCarts(
  redis: Redis,
  guest: CartOwner,
  customer: CartOwner,
  deadline?: AbortSignal,
): Promise<void> {
  const args = [uuid(), ttlOf(customer), maxLines, maxQuantity];
  await write(redis, mergeScript, [keyOf(guest), keyOf(customer)], args, deadline);
}

/** Runs a script as a write that counts once a replica has it. Give it `app.redisDurable`. */
async function write(
  redis: Redis,
  lua: string,
  keys: string[],
  args: (string | number)[],
  deadline?: AbortSignal,
): Promise<unknown> {
  const [reply] = await replicatedWrite(
    redis,
    (pipeline) => pipeline.eval(lua, keys.length, ...keys, ...args),
    deadline,
  );
  return reply;
}
