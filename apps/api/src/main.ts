import { setTimeout as sleep } from 'node:timers/promises';
import closeWithGrace from 'close-with-grace';
import { buildApp } from './app.ts';
import { loadConfig } from './config.ts';

const config = loadConfig();
const app = await buildApp(config);

// The test of draining has to fail without it.
if (config.brokenVariant === 'api-does-not-drain') process.prependListener('SIGTERM', () => process.exit(0));

// The order of a shutdown: say so (503, the edge goes elsewhere), keep answering what still comes, stop listening,
// let requests in progress finish, close the stores (`onClose` hooks, in reverse order of registration).
closeWithGrace(
  { delay: config.drainMs + config.requestDeadlineMs + 2_000, logger: app.log },
  async ({ err }) => {
    if (err) app.log.error({ err }, 'ending after a fault');
    app.startDraining();
    await sleep(config.drainMs);
    await app.close();
  },
);

await app.listen({ port: config.port, host: '0.0.0.0' });
