import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { databaseAt } from './database.ts';

/** Confirms orders from the queue, at its own pace. */
const { DATABASE = '', QUEUE = '' } = process.env;
const database = databaseAt(DATABASE);
const confirm = async ({ data }: { data: { id: string } }) =>
  void (await database('UPDATE orders SET confirmed = 1 WHERE id = $1', [data.id]));

// It waits for the queue for ever: no shopper waits for it.
const connection = new Redis({ host: QUEUE, maxRetriesPerRequest: null, retryStrategy: () => 200 });
connection.on('error', () => {});
new Worker('confirmations', confirm, { connection, concurrency: 10 }).on('error', () => {});
