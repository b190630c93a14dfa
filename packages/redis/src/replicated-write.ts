import type { ChainableCommander, Redis } from 'ioredis';
import pRetry from 'p-retry';

/** How long Redis waits for a replica before the command is sent again; a replica answers within a millisecond. */
const replicaWaitMs = 500;

/**
 * Redis replicates asynchronously, so a write counts only once a replica has it. WAIT covers only the writes of its own
 * connection: it is sent in one pipeline with the write, and after an error or a timeout both are sent again. So the
 * write must be safe to repeat, and `redis` must be a connection that never sends one of the two alone.
 *
 * @returns the replies of the commands that `build` added. @throws the last error of Redis when `deadline` fires, or a
 * fault in a command at once.
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
    // A fault in a command is permanent. READONLY, NOREPLICAS, LOADING and closed connections are not.
    shouldRetry: ({ error }) => !/^(ERR|WRONGTYPE|OOM)/.test(error.message),
  });
}
