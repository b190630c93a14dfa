import { readFileSync } from 'node:fs';
import { maxLines, maxQuantity } from '@shop/contracts/cart.ts';
import { replicatedWrite } from '@shop/redis/replicated-write.ts';
import type { Redis } from 'ioredis';
import { v7 as uuid } from 'uuid';
import { type CallKey, maxKeys } from './call-key.ts';

/** Whose cart it is: `customer:<id>` or `session:<SHA-256 of the session id>`. */
export type CartOwner = string;
export type CartLine = { productId: string; quantity: number };
/** `version` is new after each change and never comes back; `unwritten` until the first one. */
export type StoredCart = { version: string; items: CartLine[] };

/**
 * What to do to a cart. `nothing` only looks whether the call has been done already: for a call that would be refused
 * if it were new.
 */
export type CartChange =
  | ({ operation: 'add' | 'set' } & CartLine)
  | { operation: 'remove'; productId: string }
  | { operation: 'clear' }
  | { operation: 'nothing' };

/** `notAdded` is what did not fit into the line; `firstAnswer` is kept for a replay. Refusals have changed nothing. */
export type ChangeResult = {
  outcome: 'done' | 'replayed' | 'reused' | 'changed' | 'full' | 'exhausted' | 'unknown';
  notAdded: number;
  firstAnswer: string | null;
  cart: StoredCart;
};

/** The version of a cart that was never written. */
export const unwrittenVersion = 'unwritten';

const day = 24 * 3600;
const guestTtlSeconds = 7 * day;
const customerTtlSeconds = 30 * day;

const script = (name: string) => readFileSync(new URL(`scripts/${name}.lua`, import.meta.url), 'utf8');
const changeScript = script('change');
const keepAnswerScript = script('keep-answer');
const mergeScript = script('merge');

const cartKey = (owner: CartOwner) => `cart:${owner}`;
const callsKey = (owner: CartOwner) => `cart-calls:${owner}`;
const ttlOf = (owner: CartOwner) => (owner.startsWith('customer:') ? customerTtlSeconds : guestTtlSeconds);

/** The lines in the order in which they were added. */
export async function readCart(redis: Redis, owner: CartOwner): Promise<StoredCart> {
  return toCart(Object.entries(await redis.hgetall(cartKey(owner))));
}

/**
 * Changes the cart, once for the key of the call, in one atomic step. Only a cart whose version is in `ifMatch` is
 * changed; null stands for any.
 */
export async function changeCart(
  redis: Redis,
  owner: CartOwner,
  call: CallKey,
  change: CartChange,
  { ifMatch = null, deadline }: { ifMatch?: string[] | null; deadline?: AbortSignal } = {},
): Promise<ChangeResult> {
  const { productId = '', quantity = 0 } = change as Partial<CartLine>;
  const reply = await write(
    redis,
    changeScript,
    [cartKey(owner), callsKey(owner)],
    () => [
      uuid(),
      ttlOf(owner),
      call.field,
      call.bodyHash,
      call.ttlSeconds,
      call.made === 'client' ? maxKeys : 0,
      // An empty list accepts no version; an empty argument would accept each.
      ifMatch === null ? '' : ifMatch.join(' ') || '-',
      call.made === 'server' ? 1 : 0,
      change.operation,
      productId,
      quantity,
      maxLines,
      maxQuantity,
    ],
    deadline,
  );
  const [outcome, notAdded, firstAnswer, fields] = reply as [
    ChangeResult['outcome'],
    number,
    string,
    string[],
  ];
  return { outcome, notAdded, firstAnswer: firstAnswer || null, cart: toCart(inPairs(fields)) };
}

/** Keeps the first answer beside the key, for replays. Lost, a replay shows the cart of that moment instead. */
export async function keepAnswer(
  redis: Redis,
  owner: CartOwner,
  call: CallKey,
  answer: string,
): Promise<void> {
  await redis.eval(keepAnswerScript, 1, callsKey(owner), call.field, answer);
}

/**
 * At login: adds the guest's quantities to the customer's, up to 99 each and 50 lines, and deletes the guest's cart.
 *
 * @returns what was left out; a repetition returns what the first run left out.
 */
export async function mergeCarts(
  redis: Redis,
  guest: CartOwner,
  customer: CartOwner,
  deadline?: AbortSignal,
): Promise<CartLine[]> {
  const reply = await write(
    redis,
    mergeScript,
    [cartKey(guest), cartKey(customer), callsKey(guest), callsKey(customer)],
    () => [uuid(), ttlOf(customer), maxLines, maxQuantity, 2 * maxKeys, customer],
    deadline,
  );
  const leftOut = inPairs(String(reply).split(' ').filter(Boolean));
  return leftOut.map(([productId, quantity]) => ({ productId, quantity: Number(quantity) }));
}

/**
 * Runs a script as a write that counts once a replica has it. Give it `app.redisDurable`. Each try gets arguments of its
 * own: the version of a try that a failover took back has been seen and may not return with other contents.
 */
async function write(
  redis: Redis,
  lua: string,
  keys: string[],
  argumentsOfTry: () => (string | number)[],
  deadline?: AbortSignal,
): Promise<unknown> {
  const [reply] = await replicatedWrite(
    redis,
    (pipeline) => pipeline.eval(lua, keys.length, ...keys, ...argumentsOfTry()),
    deadline,
  );
  return reply;
}

function toCart(fields: [string, string][]): StoredCart {
  const { version = unwrittenVersion, ...lines } = Object.fromEntries(fields);
  const items = Object.entries(lines).map(([productId, quantity]) => ({
    productId,
    quantity: Number(quantity),
  }));
  return { version, items };
}

function inPairs(flat: string[]): [string, string][] {
  return flat.flatMap((field, at) => (at % 2 === 0 ? [[field, flat[at + 1] ?? ''] as [string, string]] : []));
}
