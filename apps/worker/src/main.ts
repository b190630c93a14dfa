import { startTracing } from '@shop/tracing/start.ts';
import closeWithGrace from 'close-with-grace';
import { startWorker } from './app.ts';
import { loadConfig } from './config.ts';

const config = loadConfig();
const stopTracing = await startTracing('worker', config.tracing);
const { stop, log } = await startWorker(config);

// Another worker runs a job again that does not finish in time, which is safe: every job may run twice.
closeWithGrace({ delay: 20_000, logger: log }, async ({ err }) => {
  if (err) log.error({ err }, 'ending after a fault');
  await stop();
  await stopTracing();
});
