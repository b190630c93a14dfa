import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Topic, topics } from '@shop/contracts/jobs.ts';
import type { Database } from '@shop/database/database.ts';
import type { Logger } from 'pino';
import { type ClaimedEvent, claimNew, claimStale } from './outbox.repository.ts';
import type { Queues } from './queues.ts';

/** A batch is one transaction and one message to Redis a queue. */
const batchSize = 100;
/** How often the relay looks for what was published and never done. */
const sweepEveryMs = 1_000;

export type RelayOptions = {
  db: Database;
  queues: Queues;
  /** How long to wait when there was nothing to do. */
  pollMs: number;
  /** What was published so long ago and is not done is published again. */
  staleMs: number;
  takeOver: boolean;
  dedupe: boolean;
  onPublished: (topic: Topic) => void;
  log: Logger;
};

/**
 * Carries events from the outbox to the queues (https://microservices.io/patterns/data/transactional-outbox.html).
 * Any number of relays may run: they claim different rows.
 *
 * The claim is a commit of its own, before anything is published: after a crash restart the primary may show a commit
 * that no standby has, and a failover would take it back; once our own later commit has a standby, so has that one.
 * If we die between claim and publishing, or Redis forgets, the row is not done and is swept up. The same row
 * published twice is one job, and if that job is gone already, its effect is found done.
 *
 * @returns stops the relay; resolves when it has put down what it held.
 */
export function startRelay(options: RelayOptions): () => Promise<void> {
  const { pollMs, takeOver, log } = options;
  const stopping = new AbortController();
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => {});

  const loop = async () => {
    let sweptAt = 0;
    while (!stopping.signal.aborted) {
      try {
        const sweep = takeOver && Date.now() - sweptAt > sweepEveryMs;
        if (sweep) sweptAt = Date.now();
        const published = await relayBatch(options, sweep);
        if (published < batchSize) await pause(pollMs);
      } catch (error) {
        log.warn({ err: error }, 'the relay could not publish');
        await pause(sweepEveryMs);
      }
    }
  };
  const running = loop();
  return async () => {
    stopping.abort();
    // Redis or Postgres may be away just now: what was claimed and not published is swept up by another relay.
    await Promise.race([running, sleep(2_000, undefined, { ref: false })]);
  };
}

/** Claims and publishes one batch; `sweep` also takes what was published long ago. @returns the size of the batch. */
export async function relayBatch(
  { db, queues, staleMs, dedupe, onPublished }: Omit<RelayOptions, 'pollMs' | 'takeOver' | 'log'>,
  sweep: boolean,
): Promise<number> {
  const { value: events } = await db.primary.transaction(
    async (tx) => {
      const [fresh, stale] = await Promise.all([
        claimNew(tx, batchSize),
        sweep ? claimStale(tx, staleMs, batchSize) : [],
      ]);
      return [...fresh, ...stale];
    },
    // Rows claimed by a try whose answer was lost are swept up.
    { replayable: true },
  );
  if (events.length > 0) await publish(queues, events, dedupe);
  for (const { topic } of events) onPublished(topic);
  return events.length;
}

/** The event that a job is about: a UUID, at the beginning of the job's id. */
export const eventIdOf = (jobId: string) => jobId.slice(0, 36);

/** When a job's id is its event's, BullMQ adds no second job while it holds the first. */
async function publish(queues: Queues, events: ClaimedEvent[], dedupe: boolean): Promise<void> {
  const jobId = (eventId: string) => (dedupe ? eventId : `${eventId}-${randomUUID()}`);
  // A topic that we do not know comes from a newer version, whose workers will sweep it up.
  const known = events.filter(({ topic }) => topic in topics);
  const byQueue = Map.groupBy(known, ({ topic }) => topics[topic].queue);
  await Promise.all(
    [...byQueue].map(([name, group]) =>
      queues[name].addBulk(
        group.map(({ id, topic, payload }) => ({ name: topic, data: payload, opts: { jobId: jobId(id) } })),
      ),
    ),
  );
}
