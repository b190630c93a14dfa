import { type QueueName, queueNames } from '@shop/contracts/jobs.ts';
import { type RedisConfig, sentinelOptions } from '@shop/redis/sentinel.ts';
import { type Job, Queue, Worker } from 'bullmq';
import { Redis, type RedisOptions } from 'ioredis';

/** How many jobs of a queue one worker runs at once. Decoding pictures takes memory, the others only wait. */
const concurrency: Record<QueueName, number> = { payments: 10, mails: 5, pictures: 1 };

/** BullMQ blocks for at most 10 s on a connection of its own; a peer that does not answer for longer is dead. */
const blockingSocketTimeoutMs = 11_500;

/** Retries start quickly, because a peer may only restart, and never stop: an order's effects must happen. */
const firstRetryMs = 200;
const lastRetryMs = 10_000;

/**
 * Milliseconds until the next attempt, with up to a fifth of jitter, so that jobs that failed together do not retry
 * together.
 */
export function backoffMs(attemptsMade: number): number {
  const delayMs = Math.min(firstRetryMs * 2 ** Math.min(attemptsMade - 1, 20), lastRetryMs);
  return Math.round(delayMs * (0.8 + Math.random() * 0.2));
}

/** BullMQ gives the connections on which it blocks this name; only these may be silent for long. */
class QueueRedis extends Redis {
  override duplicate(override?: Partial<RedisOptions>): Redis {
    return super.duplicate(
      override?.connectionName ? { ...override, socketTimeout: blockingSocketTimeoutMs } : override,
    );
  }
}

/** A command waits for a failover and does not fail, as BullMQ demands. */
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
        // Enough for an admin to look at. The id of a removed job may be used again: the outbox knows what is done.
        removeOnComplete: { age: 3600, count: 1_000 },
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
        // A killed worker no longer renews its locks. After 5 s, twice what Redis takes to fail over, another worker
        // may take the job. It checks every second, and takes a job that has no lock at two checks in a row.
        lockDuration: 5_000,
        stalledInterval: 1_000,
        skipStalledCheck: !takeOver,
        // A job that was in progress in many killed workers is not at fault.
        maxStalledCount: Number.MAX_SAFE_INTEGER,
        // A job that failed for good would block its event, because the relay publishes the event under the same id.
        // The option is the worker's: when Redis has lost all of a job but its id, BullMQ makes a job without options
        // of the id, and this job fails for good.
        removeOnFail: { count: 0 },
        // Seconds to wait for a job. BullMQ resets its connection when the answer is a second late, so it gives up a
        // Redis that is paused or cut off after 3 s.
        drainDelay: 2,
        runRetryDelay: 1_000,
        settings: { backoffStrategy: backoffMs },
      }),
  );
}
