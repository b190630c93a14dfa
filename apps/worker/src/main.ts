import closeWithGrace from 'close-with-grace';
import { startWorker } from './app.ts';
import { loadConfig } from './config.ts';

const { stop, log } = await startWorker(loadConfig());

// Another worker runs a job again that does not finish in time, which is safe: every job may run twice.
closeWithGrace({ delay: 20_000, logger: log }, async ({ err }) => {
  if (err) log.error({ err }, 'ending after a fault');
  await stop();
});
