import { anEmail } from '@shop/testing/factories.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, buildTestApp, noRedis } from '../../testing/app.ts';

const limits = { requestsPerSecond: 30, registersPerSecond: 2, failedLogins: 10 };
let app: App;
let other: App;
beforeAll(async () => {
  app = await buildTestApp({ limits });
  other = await buildTestApp({ limits });
  // A count that takes too long lets its call pass, which is not what is tested here.
  for (const replica of [app, other]) replica.redisFailFast.options.commandTimeout = 10_000;
});
afterAll(() => Promise.all([app.close(), other.close()]));

let addresses = 0;
/** Each test has an address of its own. */
function anAddress(): string {
  addresses += 1;
  return `203.0.113.${addresses}`;
}
const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });

describe('requests from one address', () => {
  it('are counted over all replicas, and the excess is answered 429 with Retry-After', async () => {
    const address = anAddress();
    const answers = await Promise.all(
      Array.from({ length: 80 }, (_, n) =>
        (n % 2 ? app : other).inject({ url: '/api/whoami', ...from(address) }),
      ),
    );
    const refused = answers.filter(({ statusCode }) => statusCode === 429);
    // All within a second, or within two when the machine is busy.
    expect(refused.length).toBeGreaterThanOrEqual(80 - 2 * 30);
    expect(refused[0]!.json()).toMatchObject({ code: 'rate-limited', type: '/errors/rate-limited' });
    expect(refused[0]!.headers).toMatchObject({
      'retry-after': '1',
      'content-type': 'application/problem+json',
    });
    const elsewhere = await app.inject({ url: '/api/whoami', ...from(anAddress()) });
    expect(elsewhere.statusCode).toBe(200);
  });

  it('are counted when the address they ask for is unknown', async () => {
    const address = anAddress();
    const answers = await Promise.all(
      Array.from({ length: 80 }, () => app.inject({ url: '/api/nothing', ...from(address) })),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toContain(429);
  });

  it('are never limited on health checks and metrics', async () => {
    const address = anAddress();
    for (const url of ['/livez', '/readyz', '/metrics']) {
      const answers = await Promise.all(
        Array.from({ length: 40 }, () => app.inject({ url, ...from(address) })),
      );
      // On a busy machine a readiness check may find a store slow; it is never told to come back less often.
      expect(answers.map(({ statusCode }) => statusCode)).not.toContain(429);
      expect(answers.map(({ statusCode }) => statusCode)).toContain(200);
    }
  });

  it('pass while Redis is away', async () => {
    const address = anAddress();
    const alone = await buildTestApp({ limits, redis: noRedis });
    const answers = await Promise.all(
      Array.from({ length: 80 }, () => alone.inject({ url: '/api/whoami', ...from(address) })),
    );
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    await alone.close();
  });
});

describe('registrations from one address', () => {
  it('have a limit of their own', async () => {
    const address = anAddress();
    const register = () =>
      app.inject({
        method: 'POST',
        url: '/api/auth/register',
        payload: { email: anEmail(), password: 'correct horse', name: 'Ada' },
        ...from(address),
      });
    const startedAt = performance.now();
    const answers = await Promise.all(Array.from({ length: 100 }, register));
    const windows = Math.ceil((performance.now() - startedAt) / 1_000) + 1;
    const refused = answers.filter(({ statusCode }) => statusCode === 429);
    expect(answers.length - refused.length).toBeLessThanOrEqual(limits.registersPerSecond * windows);
    expect(refused[0]!.json()).toMatchObject({ code: 'rate-limited' });
    expect(answers.map(({ statusCode }) => statusCode)).toContain(201);
  });
});
