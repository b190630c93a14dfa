import { readFile, writeFile } from 'node:fs/promises';
import { buildApp } from './app.ts';
import type { Config } from './config.ts';

/**
 * `node apps/api/src/openapi.ts` writes apps/api/openapi.json from the schemas that validate;
 * with `--check` it writes nothing and fails when the committed document is stale.
 */
const file = new URL('../openapi.json', import.meta.url);

const unused = 'nothing is signed while a document is made';
const nowhere = 'postgres://127.0.0.1:1/none';
const keys = { accessKeyId: unused, secretAccessKey: unused };
const config: Config = {
  port: 0,
  logLevel: 'silent',
  version: '0.1.0',
  brokenVariant: undefined,
  replica: 'none',
  database: { primaryUrl: nowhere, replicaUrl: nowhere, password: unused, maxConnections: 1 },
  redis: { sentinels: [{ host: '127.0.0.1', port: 1 }], masterName: 'none', password: unused },
  tracing: { endpoint: '', sampler: 'always_off', ratio: 0, delayMs: 1 },
  cacheUrl: 'redis://127.0.0.1:1',
  catalogCache: false,
  objects: { endpoint: 'http://127.0.0.1:1', app: keys, signer: keys },
  cookieSecret: unused,
  tokenSecret: unused,
  edgeOrigins: [],
  requestDeadlineMs: 1_000,
  admission: { maxReads: 1, maxWrites: 1 },
  drainMs: 0,
  sessionTtlSeconds: 60,
  sessionMaxAgeSeconds: 60,
  tokens: {
    accessTtlSeconds: 60,
    refreshTtlSeconds: 60,
    refreshMaxAgeSeconds: 60,
    refreshGraceSeconds: 0,
    keyMaxAgeSeconds: 60,
  },
  limits: { requestsPerSecond: 1, registersPerSecond: 1, failedLogins: 1 },
};
const app = await buildApp(config);
await app.ready();
const document = `${JSON.stringify(app.swagger(), null, 2)}\n`;
await app.close();

if (process.argv.includes('--check')) {
  if ((await readFile(file, 'utf8')) !== document) {
    console.error('apps/api/openapi.json is stale: run `npm run openapi` and commit it');
    process.exitCode = 1;
  }
} else {
  await writeFile(file, document);
}
