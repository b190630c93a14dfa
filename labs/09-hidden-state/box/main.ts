import { hostname } from 'node:os';
import { readSettings } from '@shop/config/settings.ts';
import { redisConfig, redisSettings } from '@shop/config/stores.ts';
import { sentinelOptions } from '@shop/redis/sentinel.ts';
import fastify from 'fastify';
import { Redis } from 'ioredis';
import { Type } from 'typebox';
import { ownState } from './own.ts';
import { sharedState } from './shared.ts';

/** The limit of calls of a customer in a minute. */
const limit = 10;

// `main.ts own|shared RUN`: each run has keys of its own in Redis.
const [, , kind, run = ''] = process.argv;
const redis = new Redis({
  ...sentinelOptions(redisConfig(readSettings(Type.Object(redisSettings), process.env))),
  maxRetriesPerRequest: null,
  // BullMQ waits for a job on a silent connection, for five seconds at most.
  socketTimeout: 15_000,
});
redis.on('error', (error) => console.error(error));

// The mail provider and the archive of this lab are two keys in Redis, so they outlive a replica.
const [mails, reports] = [`${run}:outside:mails`, `${run}:outside:reports`];
const outside = {
  sendMail: async (mail: string) => void (await redis.sadd(mails, mail)),
  writeReport: async (second: number) => void (await redis.hincrby(reports, String(second), 1)),
};
const state = kind === 'shared' ? await sharedState(redis, run, outside) : await ownState(outside);
await state.startReports();

const app = fastify({ bodyLimit: 1_000_000 });
app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
  done(null, body),
);
app.addHook('onRequest', async (_request, reply) => void reply.header('x-served-by', hostname()));
app.get('/livez', async () => 'ok');
app.put<{ Params: { name: string }; Body: Buffer }>('/files/:name', async ({ params, body }, reply) => {
  await state.keepFile(params.name, body);
  return reply.code(204).send();
});
app.get<{ Params: { name: string } }>('/files/:name', async ({ params }, reply) => {
  return (await state.readFile(params.name)) ?? reply.code(404).send('no such file');
});
app.post<{ Params: { customer: string } }>('/calls/:customer', async ({ params }, reply) => {
  return reply.code((await state.countCall(params.customer)) > limit ? 429 : 204).send();
});
app.post<{ Params: { mail: string } }>('/mails/:mail', async ({ params }, reply) => {
  await state.sendLater(params.mail);
  return reply.code(202).send();
});
/** The effects outside the box: the sent mails, and the number of reports for each second. */
app.get('/outside', async () => ({
  mails: await redis.scard(mails),
  reports: (await redis.hvals(reports)).map(Number),
}));
await app.listen({ host: '0.0.0.0', port: 3000 });
