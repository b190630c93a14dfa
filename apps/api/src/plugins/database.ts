import { type Database, openDatabase } from '@shop/database/database.ts';
import type { CommitRecord } from '@shop/database/primary.ts';
import type { ReadRecord } from '@shop/database/replica.ts';
import fp from 'fastify-plugin';
import { Counter, Gauge } from 'prom-client';
import type { Config } from '../config.ts';

declare module 'fastify' {
  interface FastifyInstance {
    db: Database;
  }
}

/** `app.db`: the primary and the replicas, both through PgBouncer. */
export default fp<{ config: Config }>(
  async (app, { config }) => {
    const reads = new Counter({
      name: 'shop_database_reads_total',
      help: 'Reads that reached Postgres, by the node that served them and the reason for that node',
      labelNames: ['node', 'role', 'reason'] as const,
      registers: [app.metrics],
    });
    const onRead = ({ node, role, reason, durationMs }: ReadRecord) => {
      reads.inc({ node, role, reason });
      app.serverTiming.database(node, durationMs);
    };
    const onCommit = ({ node, durationMs }: CommitRecord) => app.serverTiming.database(node, durationMs);
    const db = openDatabase({
      ...config.database,
      onRead,
      onCommit,
      fallBackToPrimary: config.brokenVariant !== 'reads-do-not-fall-back',
      checkWatermark: config.brokenVariant !== 'reads-ignore-the-watermark',
      commitRules: {
        waitForStandby: config.brokenVariant !== 'asynchronous-commit',
        checkCancelledWaits: config.brokenVariant !== 'cancelled-wait-is-success',
      },
    });
    app.decorate('db', db);
    const connections = new Gauge({
      name: 'shop_database_pool',
      help: 'Connections of a pool to PgBouncer by state, and the callers that wait for one',
      labelNames: ['pool', 'state'] as const,
      registers: [app.metrics],
      collect() {
        for (const [pool, { total, idle, waiting }] of Object.entries(db.pools())) {
          connections.set({ pool, state: 'busy' }, total - idle);
          connections.set({ pool, state: 'idle' }, idle);
          connections.set({ pool, state: 'waiting' }, waiting);
        }
      },
    });

    // Ten seconds, so that a replica may miss two before it counts as lagging 30 s.
    const heartbeat = setInterval(() => db.heartbeat().catch(() => {}), 10_000);
    app.addHook('onClose', async () => {
      clearInterval(heartbeat);
      await db.close();
    });
  },
  { name: 'database', dependencies: ['metrics', 'server-timing'] },
);
