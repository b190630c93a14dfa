import closeWithGrace from 'close-with-grace';
import { startWorker } from './app.ts';
import { loadConfig } from './config.ts';

const { stop, log } = await startWorker(loadConfig());

// A job that does not finish in time is run again by another worker, which is safe: that is what jobs are made for.
closeWithGrace({ delay: 20_000, logger: log }, async ({ err }) => {
  if (err) log.error({ err }, 'ending after a fault');
  await stop();
});
