import { bootstrapWorker } from '@vendure/core';
import { config } from './config';

bootstrapWorker(config)
  .then((worker) => worker.startJobQueue())
  .then((worker) => worker.startHealthCheckServer({ port: 3020 }))
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
