import { queueNames, topics } from '@shop/contracts/jobs.ts';
import { sentinelOptions } from '@shop/redis/sentinel.ts';
import { Queue } from 'bullmq';
import fp from 'fastify-plugin';
import { Redis } from 'ioredis';
import type { Config } from '../config.ts';
import { eventsAbout } from './outbox.repository.ts';

/**
 * The broken variant `published-after-commit`: the replica that commits an order publishes its events itself, without
 * the relay. A replica that dies in between loses them. Registered only for the test that must fail with it.
 */
export default fp<{ config: Pick<Config, 'redis'> }>(
  async (app, { config }) => {
    const connection = new Redis({ ...sentinelOptions(config.redis), maxRetriesPerRequest: null });
    const note = (error: Error) => app.log.debug({ err: error }, 'publishing');
    connection.on('error', note);
    const queues = new Map(
      queueNames.map((name) => [name, new Queue(name, { connection }).on('error', note)]),
    );
    app.addHook('onClose', async () => connection.disconnect());

    app.addHook('onSend', async (request, reply, payload) => {
      const committed = reply.statusCode < 300 && !reply.hasHeader('idempotency-replayed');
      if (request.method !== 'POST' || !committed || typeof payload !== 'string') return;
      // The id of the order or upload in the response; some responses have none.
      const id = (JSON.parse(payload) as { id?: string } | null)?.id;
      if (!id) return;
      const events = await app.db.replica('primary').read((tx) => eventsAbout(tx, id));
      await Promise.all(
        events.map(({ id: jobId, topic, payload: data }) =>
          queues.get(topics[topic].queue)?.add(topic, data, { jobId, attempts: 100 }),
        ),
      );
    });
  },
  { name: 'publish-after-commit', dependencies: ['database'] },
);
