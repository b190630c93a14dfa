import closeWithGrace from 'close-with-grace';
import { buildApp } from './app.ts';
import { loadConfig } from './config.ts';

const config = loadConfig();
const app = buildApp(config);

closeWithGrace({ delay: 5_000, logger: app.log }, async ({ err }) => {
  if (err) app.log.error({ err }, 'ending after a fault');
  await app.close();
});

await app.listen({ port: config.port, host: '0.0.0.0' });
