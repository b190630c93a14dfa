import type { Transaction } from '@shop/database/connection.ts';
import type { Database } from '@shop/database/database.ts';
import { sqlState } from '@shop/database/errors.ts';
import type { Committed } from '@shop/database/primary.ts';
import { ProblemError } from '../problem-error.ts';
import { claimKey, type KeyId, readKey, replayKey, saveResponse } from './idempotency.repository.ts';

/**
 * A call that changes something; `key` is null when the client sent none. After `deadline` no further try is started.
 * `commitReplays` is off only in a test: a stored answer is then sent as soon as it can be read, perhaps before a standby
 * has it.
 */
export type KeyedCall = {
  owner: string;
  route: string;
  key: string | null;
  bodyHash: string;
  commitReplays: boolean;
  deadline?: AbortSignal;
};

/** `body` is the exact text of the answer; `context` is what a replay needs besides, such as a `Location`. */
export type KeyedResponse = {
  status: number;
  body: string;
  context: Record<string, string>;
  replayed: boolean;
};

/**
 * What a call's work returns: a status, the body as a value, and optionally a context.
 */
export type Outcome = {
  status: number;
  body: unknown;
  context?: Record<string, string>;
};

const duplicateWaitMs = 2_000;

/**
 * Runs `work` once for a key, whatever fails on the way: the key's row commits with the effects or not at all, and
 * every later call gets the stored answer, byte for byte. A refusal stores nothing. The idea is Stripe's
 * (https://stripe.com/blog/idempotency), with the key inside the transaction of its effects.
 *
 * @throws ProblemError `idempotency-key-reused`, `request-in-progress`, or whatever `work` throws.
 */
export async function withIdempotencyKey(
  db: Database,
  { owner, route, key, bodyHash, commitReplays, deadline }: KeyedCall,
  work: (tx: Transaction) => Promise<Outcome>,
): Promise<Committed<KeyedResponse>> {
  if (key === null) {
    return await db.primary.transaction(async (tx) => firstAnswer(await work(tx)), { deadline });
  }
  const id = { owner, route, key };
  return await db.primary.transaction(
    async (tx) => {
      const readAlready = commitReplays ? undefined : await readKey(tx, id);
      return readAlready ? replay(readAlready, bodyHash) : await runWithKey(tx, { id, bodyHash }, work);
    },
    { deadline, replayable: true },
  );
}

async function runWithKey(
  tx: Transaction,
  { id, bodyHash }: { id: KeyId; bodyHash: string },
  work: (tx: Transaction) => Promise<Outcome>,
): Promise<KeyedResponse> {
  if (await claimOrWait(tx, id, bodyHash)) {
    const outcome = await work(tx);
    const answer = firstAnswer(outcome);
    await saveResponse(tx, id, { status: answer.status, response: answer.body, context: answer.context });
    return answer;
  }
  return replay(await replayKey(tx, id), bodyHash);
}

function replay(kept: Awaited<ReturnType<typeof readKey>>, bodyHash: string): KeyedResponse {
  if (kept?.status == null || kept.response == null) throw inProgress();
  if (kept.bodyHash !== bodyHash) throw new ProblemError('idempotency-key-reused');
  return { status: kept.status, body: kept.response, context: kept.context, replayed: true };
}

async function claimOrWait(tx: Transaction, id: KeyId, bodyHash: string): Promise<boolean> {
  try {
    return await claimKey(tx, id, bodyHash, duplicateWaitMs);
  } catch (error) {
    if (sqlState(error) === '55P03') throw inProgress();
    throw error;
  }
}

const inProgress = () => new ProblemError('request-in-progress', { retryAfterSeconds: 1 });

function firstAnswer({ status, body, context = {} }: Outcome): KeyedResponse {
  return { status, body: JSON.stringify(body), context, replayed: false };
}
