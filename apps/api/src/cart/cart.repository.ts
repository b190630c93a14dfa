import { readFileSync } from 'node:fs';
import { maxLines } from '@shop/contracts/cart.ts';
import { maxQuantity } from '@shop/contracts/values.ts';
import { replicatedWrite } from '@shop/redis/replicated-write.ts';
import type { Redis } from 'ioredis';
import { v7 as uuid } from 'uuid';
import { type CallKey, longerThanARequestSeconds, maxKeys } from './call-key.ts';

/** The owner of the cart: `customer:<id>` or `session:<SHA-256 of the session id>`. */
export type CartOwner = string;
export type CartLine = { productId: string; quantity: number };
/** `version` is new after each change and is never used again; `unwritten` before the first change. */
export type StoredCart = { version: string; items: CartLine[] };

/**
 * The change of a cart. `nothing` changes nothing and returns the stored answer of the call, if there is one: it is for
 * a call that would be refused if it were new.
 */
export type CartChange =
  | ({ operation: 'add' | 'set' } & CartLine)
  | { operation: 'remove'; productId: string }
  | { operation: 'clear' }
  | { operation: 'nothing' };

/** A call that changes a cart, once for its key. Only a cart whose version is in `ifMatch` is changed; null accepts any. */
export type CallOnCart = {
  owner: CartOwner;
  key: CallKey;
  ifMatch?: string[] | null;
  deadline?: AbortSignal;
};

/**
 * `notAdded` is the quantity that did not fit into the line; `firstAnswer` is stored for a replay. A refusal has
 * changed nothing.
 */
export type ChangeResult = {
  outcome: 'done' | 'replayed' | 'reused' | 'changed' | 'full' | 'exhausted' | 'merged' | 'unknown';
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

/** Changes the cart, once for the key of the call, in one atomic step. */
export async function changeCart(
  redis: Redis,
  { owner, key, ifMatch = null, deadline }: CallOnCart,
  change: CartChange,
): Promise<ChangeResult> {
  const { productId = '', quantity = 0 } = change as Partial<CartLine>;
  const changing: Script = {
    lua: changeScript,
    keys: [cartKey(owner), callsKey(owner)],
    argumentsOfTry: () => [
      uuid(),
      ttlOf(owner),
      key.field,
      key.bodyHash,
      key.ttlSeconds,
      key.made === 'client' ? maxKeys : 0,
      // An empty list accepts no version. The script would read an empty argument as "any version".
      ifMatch === null ? '' : ifMatch.join(' ') || '-',
      key.made === 'server' ? 1 : 0,
      change.operation,
      productId,
      quantity,
      maxLines,
      maxQuantity,
    ],
  };
  const reply = await write(redis, changing, deadline);
  const [outcome, notAdded, firstAnswer, fields] = reply as [
    ChangeResult['outcome'],
    number,
    string,
    string[],
  ];
  return { outcome, notAdded, firstAnswer: firstAnswer || null, cart: toCart(inPairs(fields)) };
}

/** Stores the first answer beside the key, for replays. If it is lost, a replay shows the cart as it is then. */
export async function keepAnswer(
  redis: Redis,
  { owner, key }: Pick<CallOnCart, 'owner' | 'key'>,
  answer: string,
): Promise<void> {
  await redis.eval(keepAnswerScript, 1, callsKey(owner), key.field, answer);
}

/**
 * At login: adds the guest's quantities to the customer's, up to 99 each and 50 lines, and deletes the guest's cart. For
 * as long as a request lives, later changes of the guest's cart are refused (`merged`).
 *
 * @returns what did not fit; a repetition returns what did not fit the first time.
 */
export async function mergeCarts(
  redis: Redis,
  { guest, customer }: { guest: CartOwner; customer: CartOwner },
  deadline?: AbortSignal,
): Promise<CartLine[]> {
  const merging: Script = {
    lua: mergeScript,
    keys: [cartKey(guest), cartKey(customer), callsKey(guest), callsKey(customer)],
    argumentsOfTry: () => [
      ...[uuid(), ttlOf(customer), maxLines, maxQuantity, 2 * maxKeys, customer],
      longerThanARequestSeconds,
    ],
  };
  const reply = await write(redis, merging, deadline);
  const leftOut = inPairs(String(reply).split(' ').filter(Boolean));
  return leftOut.map(([productId, quantity]) => ({ productId, quantity: Number(quantity) }));
}

type Script = { lua: string; keys: string[]; argumentsOfTry: () => (string | number)[] };

/**
 * Runs a script as a write that counts once a replica has it. Call it with `app.redisDurable`. Each try gets new
 * arguments: a client may have seen the version of a try that a failover took back, and that version must not come back
 * with other contents.
 */
async function write(
  redis: Redis,
  { lua, keys, argumentsOfTry }: Script,
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
