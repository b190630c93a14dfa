import { setTimeout as sleep } from 'node:timers/promises';
import { startTracing } from '@shop/tracing/start.ts';
import closeWithGrace from 'close-with-grace';
import { buildApp } from './app.ts';
import { loadConfig } from './config.ts';

const config = loadConfig();
const stopTracing = await startTracing('api', config.tracing);
const app = await buildApp(config);

// A broken variant: without draining, the chaos test of it must fail.
if (config.brokenVariant === 'api-does-not-drain') process.prependListener('SIGTERM', () => process.exit(0));

// The order of a shutdown: answer 503, so that the edge uses other replicas; keep answering what the edge may not
// repeat; stop listening; let requests in progress finish; close the stores (`onClose` hooks, last registered first).
closeWithGrace(
  { delay: config.drainMs + config.requestDeadlineMs + 2_000, logger: app.log },
  async ({ err }) => {
    if (err) app.log.error({ err }, 'ending after a fault');
    app.startDraining();
    await sleep(config.drainMs);
    await app.close();
    await stopTracing();
  },
);

await app.listen({ port: config.port, host: '0.0.0.0' });
