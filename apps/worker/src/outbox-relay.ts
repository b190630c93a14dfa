import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Topic, topics } from '@shop/contracts/jobs.ts';
import type { Database } from '@shop/database/database.ts';
import type { RunStatement } from '@shop/database/statement.ts';
import { openSpan, SpanKind } from '@shop/tracing/spans.ts';
import type { Queue } from 'bullmq';
import type { Logger } from 'pino';
import { type ClaimedEvent, claimNew, claimStale } from './outbox.repository.ts';
import type { Queues } from './queues.ts';

/** A batch is one transaction, and one message to Redis for each queue. */
const batchSize = 100;
/** How often the relay looks for events that were published and are not done. */
const sweepEveryMs = 1_000;
/** After this long without an event the shop is idle, and the relay reads the outbox less often, by this factor. */
const quietMs = 5_000;
const idleFactor = 4;

/** The pause of a relay that has found nothing for `quietForMs`. In a stream of events each waits for `pollMs` at most. */
export const pauseMs = (pollMs: number, quietForMs: number): number =>
  quietForMs < quietMs ? pollMs : pollMs * idleFactor;

export type RelayOptions = {
  db: Database;
  queues: Queues;
  /** The pause after a read that found nothing, as long as events come. */
  pollMs: number;
  /** An event that was published this long ago and is not done is published again. */
  staleMs: number;
  takeOver: boolean;
  dedupe: boolean;
  onPublished: (topic: Topic) => void;
  log: Logger;
};

/**
 * Moves events from the outbox to the queues (https://microservices.io/patterns/data/transactional-outbox.html). Any
 * number of relays may run: they claim different rows.
 *
 * The claim is committed before anything is published. After a crash, a restarted primary may show a commit that no
 * standby has, and a failover would take it back. Once a standby has our later commit, it also has that one. If the
 * relay dies between the claim and publishing, or Redis loses the job, the row is not done, and a sweep publishes it
 * again. A row that is published twice is one job. If that job has ended and is gone, the second one finds its effect
 * done.
 *
 * @returns a function that stops the relay; it resolves when the batch in progress has ended.
 */
export function startRelay(options: RelayOptions): () => Promise<void> {
  const { pollMs, takeOver, log } = options;
  const stopping = new AbortController();
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => {});

  const loop = async () => {
    let sweptAt = 0;
    let foundAt = Date.now();
    while (!stopping.signal.aborted) {
      try {
        const sweep = takeOver && Date.now() - sweptAt > sweepEveryMs;
        if (sweep) sweptAt = Date.now();
        const published = await relayBatch(options, sweep);
        if (published > 0) foundAt = Date.now();
        if (published < batchSize) await pause(pauseMs(pollMs, Date.now() - foundAt));
      } catch (error) {
        log.warn({ err: error }, 'the relay could not publish');
        await pause(sweepEveryMs);
      }
    }
  };
  const running = loop();
  return async () => {
    stopping.abort();
    // Redis or Postgres may be away now. A sweep, perhaps of another relay, publishes what was claimed and not
    // published.
    await Promise.race([running, sleep(2_000, undefined, { ref: false })]);
  };
}

/**
 * Claims and publishes one batch; `sweep` also claims events that were published long ago. @returns the size of the
 * batch.
 */
async function relayBatch(options: RelayOptions, sweep: boolean): Promise<number> {
  // Rows that were claimed by a try whose answer was lost are published by a sweep.
  const claim: RunStatement = (statement, values) =>
    options.db.primary.statement(statement, values, { replayable: true });
  const fresh = await claimNew(claim, batchSize);
  await publish(options, fresh);
  if (!sweep) return fresh.length;
  const stale = await claimStale(claim, options.staleMs, batchSize);
  await publish(options, stale);
  return fresh.length + stale.length;
}

/** The event of a job: a UUID, at the beginning of the job's id. */
export const eventIdOf = (jobId: string) => jobId.slice(0, 36);

async function publish({ queues, dedupe, onPublished }: RelayOptions, events: ClaimedEvent[]): Promise<void> {
  // An unknown topic comes from a newer version, whose workers will publish it in a sweep.
  const known = events.filter(({ topic }) => topic in topics);
  const byQueue = Map.groupBy(known, ({ topic }) => topics[topic].queue);
  await Promise.all([...byQueue].map(([name, group]) => addJobs(queues[name], group, dedupe)));
  for (const { topic } of events) onPublished(topic);
}

/**
 * The job's id is its event's id, so BullMQ adds no second job while it has the first. The job continues the trace of the
 * call that caused the event.
 */
async function addJobs(queue: Queue, events: ClaimedEvent[], dedupe: boolean): Promise<void> {
  const jobId = (eventId: string) => (dedupe ? eventId : `${eventId}-${randomUUID()}`);
  const spans = events.map(({ topic, traceparent }) =>
    openSpan(traceparent, `publish ${topic}`, { kind: SpanKind.PRODUCER }),
  );
  const jobs = events.map(({ id, topic, payload }, at) => ({
    name: topic,
    data: payload,
    opts: { jobId: jobId(id), telemetry: { metadata: spans[at]?.traceparent } },
  }));
  try {
    await queue.addBulk(jobs);
  } finally {
    for (const span of spans) span.end();
  }
}
