import type { ChainableCommander, Redis } from 'ioredis';
import pRetry from 'p-retry';

/** How long Redis waits for a replica before we ask again; a replica answers within a millisecond. */
const replicaWaitMs = 500;

/**
 * Redis replicates asynchronously, so a write counts only once a replica has it. WAIT looks at the writes of its own
 * connection alone: it travels in one pipeline with the write, and after an error or a silence both are sent again.
 * So the write must be harmless to repeat, and `redis` a connection that never sends one of the two alone.
 *
 * @returns the replies of the commands that `build` added.
 * @throws what Redis said last when `deadline` fires, or a fault in a command at once.
 */
export async function replicatedWrite(
  redis: Redis,
  build: (pipeline: ChainableCommander) => ChainableCommander,
  deadline: AbortSignal = AbortSignal.timeout(5_000),
): Promise<unknown[]> {
  const attempt = async () => {
    const results = (await build(redis.pipeline()).wait(1, replicaWaitMs).exec()) ?? [];
    const error = results.find(([error]) => error)?.[0];
    if (error) throw error;
    const replies = results.map(([, reply]) => reply);
    if (replies.pop() === 0) throw new Error('no replica has the write yet');
    return replies;
  };
  return await pRetry(attempt, {
    retries: 100,
    minTimeout: 25,
    maxTimeout: 500,
    factor: 1.5,
    randomize: true,
    signal: deadline,
    // A fault in a command stays one. READONLY, NOREPLICAS, LOADING and closed connections pass.
    shouldRetry: ({ error }) => !/^(ERR|WRONGTYPE|OOM)/.test(error.message),
  });
}
