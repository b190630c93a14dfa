import { afterEach, expect, it } from 'vitest';
import { buildApp } from './app.ts';
import { loadConfig } from './config.ts';

// With the shop's own account: any database that answers will do.
const config = { ...loadConfig(), logLevel: 'silent' as const };
let app: ReturnType<typeof buildApp>;
afterEach(() => app.close());

const statusOf = async (url: string) => (await app.inject({ url })).statusCode;

it('a provider that reaches Postgres is ready', async () => {
  app = buildApp(config);
  expect([await statusOf('/readyz'), await statusOf('/livez')]).toEqual([200, 200]);
});

it('a provider with a wrong password lives and is not ready', async () => {
  app = buildApp({ ...config, database: { ...config.database, password: 'wrong' } });
  expect([await statusOf('/readyz'), await statusOf('/livez')]).toEqual([503, 200]);
});
