import cookie from '@fastify/cookie';
import Fastify from 'fastify';
import fp from 'fastify-plugin';
import { expect, it } from 'vitest';
import type { Config } from '../config.ts';
import consistency from './consistency.ts';

const tokenSecret = 'a secret of at least thirty-two bytes';
const signed = (value: string) => encodeURIComponent(new cookie.Signer(tokenSecret).sign(value));

async function consistencyOf(sent: string | undefined): Promise<unknown> {
  const app = Fastify();
  await app.register(cookie);
  for (const name of ['database', 'deadline']) await app.register(fp(async () => {}, { name }));
  await app.register(consistency, { config: { tokenSecret } as Config });
  app.get('/', async (request) => ({ is: request.consistency }));
  const response = await app.inject({ url: '/', headers: sent === undefined ? {} : { cookie: sent } });
  await app.close();
  return response.json().is;
}

const own = signed('0/16B3748');

it.each([
  [undefined, 'any'],
  ['sid=a', 'any'],
  ['watermark=', 'any'],
  ['other-watermark=forged', 'any'],
  ['watermark=forged', 'primary'],
  ['watermark=; watermark=forged', 'primary'],
  [`watermark=${own}`, { lsn: '0/16B3748' }],
  [`watermark=${own}; watermark=forged`, { lsn: '0/16B3748' }],
  [`watermark=forged; sid=a;watermark=${own}`, { lsn: '0/16B3748' }],
  [`watermark=; watermark=${own}; `, { lsn: '0/16B3748' }],
])('of the cookies %s, the watermark that verifies says how fresh a read must be', async (sent, expected) => {
  expect(await consistencyOf(sent)).toEqual(expected);
});
