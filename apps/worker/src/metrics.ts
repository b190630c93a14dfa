import type { Database } from '@shop/database/database.ts';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { countWaiting } from './outbox.repository.ts';

export type Metrics = ReturnType<typeof createMetrics>;

/** The metrics for Prometheus. The lag of the outbox is read from the database when Prometheus asks. */
export function createMetrics(db: Database) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const age = new Gauge({
    name: 'shop_outbox_lag_seconds',
    help: 'Age of the oldest event whose effect is not done',
    labelNames: ['topic'] as const,
    registers,
  });
  new Gauge({
    name: 'shop_outbox_waiting',
    help: 'Events whose effect is not done',
    labelNames: ['topic'] as const,
    registers,
    async collect() {
      const { value: rows } = await db.primary.transaction(countWaiting, {
        deadline: AbortSignal.timeout(2_000),
      });
      this.reset();
      age.reset();
      for (const { topic, waiting, ageSeconds } of rows) {
        this.set({ topic }, waiting);
        age.set({ topic }, ageSeconds);
      }
    },
  });
  return {
    registry,
    published: new Counter({
      name: 'shop_outbox_published_total',
      help: 'Events handed to a queue; the same one may be handed over again',
      labelNames: ['topic'] as const,
      registers,
    }),
    attempts: new Counter({
      name: 'shop_job_attempts_total',
      help: 'Runs of a job, by how they ended',
      labelNames: ['topic', 'outcome'] as const,
      registers,
    }),
    durations: new Histogram({
      name: 'shop_job_duration_seconds',
      help: 'Time that one run of a job took',
      labelNames: ['topic'] as const,
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
  };
}
