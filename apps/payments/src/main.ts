import { startTracing } from '@shop/tracing/start.ts';
import closeWithGrace from 'close-with-grace';
import { buildApp } from './app.ts';
import { loadConfig } from './config.ts';

const config = loadConfig();
const stopTracing = await startTracing('payments', config.tracing);
const app = buildApp(config);

// The worker repeats a call that is cut off, under the same order id.
closeWithGrace({ delay: 5_000, logger: app.log }, async ({ err }) => {
  if (err) app.log.error({ err }, 'ending after a fault');
  await app.close();
  await stopTracing();
});

await app.listen({ port: config.port, host: '0.0.0.0' });
