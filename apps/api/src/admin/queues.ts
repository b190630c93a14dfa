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

/** Bull Board: the queues to look at. What a job does follows from the outbox, so nothing can be changed here. */
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
  await app.register(board.registerPlugin(), { prefix: path });
};
