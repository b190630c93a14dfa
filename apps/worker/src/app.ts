import { type Payload, type Topic, topics } from '@shop/contracts/jobs.ts';
import { openDatabase } from '@shop/database/database.ts';
import { continueTrace, SpanKind, traceIds } from '@shop/tracing/spans.ts';
import type { Job } from 'bullmq';
import Fastify from 'fastify';
import { pino } from 'pino';
import { openCatalogCache } from './catalog-cache.ts';
import type { Config } from './config.ts';
import { openEffectRecords } from './effect-records.ts';
import { addHealthRoutes } from './health.ts';
import { startHousekeeping } from './housekeeping.ts';
import { handlers } from './jobs/handlers.ts';
import type { JobHandler, Services } from './jobs/job.ts';
import { openMailer } from './mailer.ts';
import { createMetrics } from './metrics.ts';
import { openObjects } from './objects.ts';
import { noteFailure } from './outbox.repository.ts';
import { eventIdOf, startRelay } from './outbox-relay.ts';
import { openPaymentProvider } from './payment-provider.ts';
import { openQueueRedis, openQueues, openWorkers } from './queues.ts';

/**
 * Starts the relay, the jobs and housekeeping. @returns a function that stops them and lets the jobs in progress
 * finish.
 */
export async function startWorker(config: Config) {
  const log = pino({ level: config.logLevel, mixin: traceIds });
  const db = openDatabase(config.database);
  const services: Services = {
    db,
    records: openEffectRecords(db),
    provider: openPaymentProvider(config.paymentsUrl),
    mailer: openMailer(config.smtpUrl),
    objects: openObjects(config.objects),
    catalogCache: openCatalogCache(config.cacheUrl, log),
  };
  const metrics = createMetrics(db);

  const redis = openQueueRedis(config.redis);
  redis.on('error', (error) => log.debug({ err: error }, 'redis connection'));
  const queues = openQueues(redis);

  const runJob = async (job: Job) => {
    const topic = job.name as Topic;
    if (!(topic in topics) || !job.id) throw new Error(`no job for ${job.name}`);
    const handler = handlers[topic] as JobHandler<Topic>;
    const jobRun = { id: eventIdOf(job.id), runs: job.attemptsStarted };
    const observe = metrics.durations.startTimer({ topic });
    try {
      await handler(services, { ...jobRun, payload: job.data as Payload<Topic> });
      metrics.attempts.inc({ topic, outcome: 'done' });
    } catch (error) {
      metrics.attempts.inc({ topic, outcome: 'failed' });
      log.warn(
        { err: error, topic, event: jobRun.id, attempt: job.attemptsStarted },
        'job failed, to be retried',
      );
      await db.primary
        .transaction((tx) => noteFailure(tx, jobRun, String(error)), {
          deadline: AbortSignal.timeout(1_000),
        })
        .catch(() => {});
      throw error;
    } finally {
      observe();
    }
  };
  const run = (job: Job) =>
    continueTrace(job.opts.telemetry?.metadata, `job ${job.name}`, { kind: SpanKind.CONSUMER }, () =>
      runJob(job),
    );
  const workers = openWorkers(redis, config, run);
  // A store is away. BullMQ continues by itself when it is back.
  const awayStore = (error: Error) => log.debug({ err: error }, 'queue');
  for (const worker of workers) worker.on('error', awayStore);
  for (const queue of Object.values(queues)) queue.on('error', awayStore);

  const stopRelay = config.relays
    ? startRelay({
        db,
        queues,
        ...config.relay,
        takeOver: config.takeOver,
        dedupe: config.dedupe,
        onPublished: (topic) => metrics.published.inc({ topic }),
        log,
      })
    : async () => {};
  const stopHousekeeping = startHousekeeping(db, log);

  const http = Fastify({ forceCloseConnections: true });
  addHealthRoutes(http, { db, redis });
  http.get('/metrics', async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  await http.listen({ port: config.port, host: '0.0.0.0' });

  const stop = async () => {
    // First nothing new is taken, then the work in progress finishes, then the stores close.
    stopHousekeeping();
    await stopRelay();
    await Promise.all(workers.map((worker) => worker.close()));
    await http.close();
    await Promise.all(Object.values(queues).map((queue) => queue.close()));
    redis.disconnect();
    services.catalogCache.close();
    services.mailer.close();
    services.objects.close();
    await services.provider.close();
    await db.close();
  };
  return { stop, log };
}
