import { openDatabase } from '@shop/database/database.ts';
import { eventually } from '@shop/testing/eventually.ts';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import { addHealthRoutes } from './health.ts';
import { openQueueRedis } from './queues.ts';

const { database, redis: redisConfig } = loadConfig();

type Stores = { database?: Partial<typeof database>; redis?: Partial<typeof redisConfig> };

/** The answers of a worker's health checks, asked with `look`, on stores that differ from the real ones as given. */
async function withWorker(
  stores: Stores,
  look: (get: (url: string) => Promise<[number, unknown]>) => Promise<void>,
) {
  const db = openDatabase({ ...database, ...stores.database });
  const redis = openQueueRedis({ ...redisConfig, ...stores.redis });
  redis.on('error', () => {});
  const http = Fastify();
  addHealthRoutes(http, { db, redis });
  try {
    await look(async (url) => {
      const answer = await http.inject({ url });
      return [answer.statusCode, answer.json()];
    });
  } finally {
    redis.disconnect();
    await http.close();
    await db.close();
  }
}

const alive = [200, { status: 'ok' }];
const sound = { primary: 'ok', replicas: 'ok', redis: 'ok' };

it('a worker is ready when it reaches Postgres and Redis', () =>
  withWorker({}, async (get) => {
    await eventually(15_000, async () =>
      expect(await get('/readyz')).toEqual([200, { status: 'ok', checks: sound }]),
    );
    expect(await get('/livez')).toEqual(alive);
  }));

const nowhere = 'postgres://shop_app@127.0.0.1:1/shop';
it.each<[string, Stores, Partial<typeof sound>]>([
  [
    'has a wrong password of Postgres',
    { database: { password: 'wrong' } },
    { primary: 'unavailable', replicas: 'unavailable' },
  ],
  ['finds no primary', { database: { primaryUrl: nowhere } }, { primary: 'unavailable' }],
  ['finds no replica', { database: { replicaUrl: nowhere } }, { replicas: 'unavailable' }],
  ['finds no Redis', { redis: { sentinels: [{ host: '127.0.0.1', port: 1 }] } }, { redis: 'unavailable' }],
])('a worker that %s lives and is not ready', (_, stores, missing) =>
  withWorker(stores, async (get) => {
    await eventually(15_000, async () =>
      expect(await get('/readyz')).toEqual([
        503,
        { status: 'unavailable', checks: { ...sound, ...missing } },
      ]),
    );
    expect(await get('/livez')).toEqual(alive);
  }),
);
