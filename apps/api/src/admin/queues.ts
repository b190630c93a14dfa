import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { queueNames } from '@shop/contracts/jobs.ts';
import { sentinelOptions } from '@shop/redis/sentinel.ts';
import { Queue } from 'bullmq';
import type { FastifyPluginAsync } from 'fastify';
import { Redis } from 'ioredis';
import type { Config } from '../config.ts';

const path = '/api/admin/queues';

/** Bull Board shows the queues. It is read-only: the outbox decides what must be done. */
export const queuesBoard: FastifyPluginAsync<{ config: Pick<Config, 'redis'> }> = async (app, { config }) => {
  const connection = new Redis({ ...sentinelOptions(config.redis), maxRetriesPerRequest: null });
  const reportedElsewhere = (error: Error) => app.log.debug({ err: error }, 'queues');
  connection.on('error', reportedElsewhere);
  const queues = queueNames.map((name) => new Queue(name, { connection }).on('error', reportedElsewhere));
  app.addHook('onClose', async () => connection.disconnect());

  const board = new FastifyAdapter().setBasePath(path);
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter: board,
    options: { uiConfig: { boardTitle: 'Queues' } },
  });
  // Its own handler answers 500 to every error, also to those of the API's hooks, such as a session that has ended.
  board.setErrorHandler((error) => {
    throw error;
  });
  await app.register(board.registerPlugin(), { prefix: path });
};
