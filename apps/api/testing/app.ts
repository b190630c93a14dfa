import { eventually } from '@shop/testing/eventually.ts';
import { type App, buildApp } from '../src/app.ts';
import { type Config, loadConfig } from '../src/config.ts';

export type { App };

/** High enough that only a test about limits reaches them: all tests share one address. */
const noLimits = { requestsPerSecond: 1_000_000, registersPerSecond: 1_000_000, failedLogins: 10 };

/** So much that only a test about overload meets it: a busy machine answers late, which would lower the limit. */
const roomForAll = { maxReads: 100_000, maxWrites: 100_000 };

/** An override for `buildTestApp`: a replica whose Redis never answers. */
export const noRedis: Config['redis'] = {
  sentinels: [{ host: '127.0.0.1', port: 1 }],
  masterName: 'none',
  password: 'none',
};

/** The real API on the real stores that the environment names, ready for `inject`. Close it when done. */
export async function buildTestApp(overrides: Partial<Config> = {}): Promise<App> {
  const config = {
    ...loadConfig(),
    logLevel: 'warn' as const,
    limits: noLimits,
    admission: roomForAll,
    ...overrides,
  };
  const app = await buildApp(config);
  await app.ready();
  // Until Sentinel has answered, the connection that fails fast fails, and every limit lets its calls pass.
  if (overrides.redis !== noRedis) await eventually(15_000, () => app.redisFailFast.ping());
  return app;
}
