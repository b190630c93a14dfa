import { type QueueName, queueNames } from '@shop/contracts/jobs.ts';
import { type RedisConfig, sentinelOptions } from '@shop/redis/sentinel.ts';
import { type Job, Queue, Worker } from 'bullmq';
import { Redis, type RedisOptions } from 'ioredis';

/** How many jobs of a queue one worker runs at once. Decoding pictures takes memory, the others only wait. */
const concurrency: Record<QueueName, number> = { payments: 10, mails: 5, pictures: 1 };

/** BullMQ blocks for at most 10 s on a connection of its own; a peer that is silent for longer is gone. */
const blockingSocketTimeoutMs = 11_500;

/** Retries start quickly, for a neighbour that restarts, and never stop: an order's effects are owed for ever. */
const firstRetryMs = 200;
const lastRetryMs = 10_000;

/** Milliseconds until the next attempt, with up to a fifth of jitter so that what failed together comes back apart. */
export function backoffMs(attemptsMade: number): number {
  const delayMs = Math.min(firstRetryMs * 2 ** Math.min(attemptsMade - 1, 20), lastRetryMs);
  return Math.round(delayMs * (0.8 + Math.random() * 0.2));
}

/** BullMQ names the duplicates that it blocks on; only those may be silent for long. */
class QueueRedis extends Redis {
  override duplicate(override?: Partial<RedisOptions>): Redis {
    return super.duplicate(
      override?.connectionName ? { ...override, socketTimeout: blockingSocketTimeoutMs } : override,
    );
  }
}

/** Waits for a failover instead of failing, as BullMQ asks for. */
export function openQueueRedis(config: RedisConfig): Redis {
  return new QueueRedis({ ...sentinelOptions(config), maxRetriesPerRequest: null });
}

export type Queues = Record<QueueName, Queue>;

export function openQueues(connection: Redis): Queues {
  const open = (name: QueueName) =>
    new Queue(name, {
      connection,
      defaultJobOptions: {
        attempts: Number.MAX_SAFE_INTEGER,
        backoff: { type: 'capped-exponential' },
        // Enough to look at. The id of a job that is gone may be used again: the outbox knows what is done.
        removeOnComplete: { age: 3600, count: 1_000 },
        // A job that failed for good would stand in the way of its event, which the relay publishes again.
        removeOnFail: true,
      },
    });
  return Object.fromEntries(queueNames.map((name) => [name, open(name)])) as Queues;
}

export function openWorkers(
  connection: Redis,
  { name, takeOver }: { name: string; takeOver: boolean },
  run: (job: Job) => Promise<void>,
): Worker[] {
  return queueNames.map(
    (queue) =>
      new Worker(queue, async (job) => await run(job), {
        connection,
        name,
        concurrency: concurrency[queue],
        // A worker that is killed renews its locks no more: after 5 s, twice what Redis takes to fail over, another one
        // may take the job. It looks every second, and takes what it finds without a lock the second time.
        lockDuration: 5_000,
        stalledInterval: 1_000,
        skipStalledCheck: !takeOver,
        // Killed often is no fault of the job's.
        maxStalledCount: Number.MAX_SAFE_INTEGER,
        // Seconds to wait for a job. BullMQ resets its connection when the answer is a second late, so a Redis that
        // is paused or cut off is given up after 3 s.
        drainDelay: 2,
        runRetryDelay: 1_000,
        settings: { backoffStrategy: backoffMs },
      }),
  );
}
