import type { CallOptions, Reply, ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import pRetry from 'p-retry';
import type { Operation } from './history.ts';

/**
 * `one-attempt` knows one edge and asks once. `retrying` is the client of promise 7: it knows both edges and repeats a
 * keyed or idempotent call, with the same key, until its deadline.
 */
export type ClientKind = 'one-attempt' | 'retrying';

/** How long a shopper waits for an operation. */
export const operationDeadlineMs = 30_000;
/** How long a client starts with the other edge after its own did not answer. */
const shunMs = 5_000;
const shunnedUntil = new WeakMap<ShopClient, number>();
/** Longer than the API's own deadline of 8 s, so that the API's answer comes before the client asks the other edge. */
const attemptTimeoutMs = 9_500;

export type Call = { method: string; path: string } & CallOptions;

/** Sends a call as this kind of client does, and records the attempts in the operation. */
export type Send = (client: ShopClient, operation: Operation, call: Call) => Promise<Reply>;

/** One attempt on the client's own edge. @throws when there is no answer. */
export const sendOnce: Send = async (client, operation, { method, path, ...options }) => {
  const signal = AbortSignal.timeout(operationDeadlineMs);
  return await attempt(client, operation, { method, path, ...options, edge: client.edge, signal });
};

/**
 * Asks the edges in turn until one gives a final answer. @throws when there is none within the deadline of the
 * operation.
 */
export const sendPersistently: Send = async (client, operation, call) => {
  const leftMs = operation.startedAt + operationDeadlineMs - Date.now();
  const deadline = AbortSignal.timeout(Math.max(0, leftMs));
  const shunned = (shunnedUntil.get(client) ?? 0) > Date.now();
  const first = edges.indexOf(client.edge) + (shunned ? 1 : 0);
  const tries: string[] = [];
  return await pRetry(
    async (number) => {
      const edge = edges[(first + number - 1) % edges.length] ?? client.edge;
      const signal = AbortSignal.any([deadline, AbortSignal.timeout(attemptTimeoutMs)]);
      const reply = await attempt(client, operation, { ...call, edge, signal });
      if (!isFinal(reply)) throw new Error(`${reply.status} ${reply.body?.code ?? ''}`);
      return reply;
    },
    {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: 50,
      maxTimeout: 1_000,
      randomize: true,
      signal: deadline,
      onFailedAttempt: ({ error }) => {
        operation.retries += 1;
        if (operation.status === 0 && operation.edge === client.edge)
          shunnedUntil.set(client, Date.now() + shunMs);
        tries.push(`${operation.edge} ${Date.now() - operation.startedAt} ms: ${error.message}`);
      },
    },
  ).catch((error) => {
    throw new Error(`${error.message}; attempts: ${tries.slice(-5).join(' | ')}`);
  });
};

async function attempt(
  client: ShopClient,
  operation: Operation,
  { method, path, edge = client.edge, ...options }: Call,
): Promise<Reply> {
  operation.attempts += 1;
  operation.edge = edge;
  operation.status = 0;
  const reply = await client.call(method, path, { ...options, edge });
  operation.status = reply.status;
  operation.replica = reply.servedBy;
  return reply;
}

/** 5xx, 429 and a concurrent duplicate in progress are the contract's ways to say "try again". */
function isFinal({ status, body }: Reply): boolean {
  return status < 500 && status !== 429 && body?.code !== 'request-in-progress';
}
