import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { authRoutes } from './auth.routes.ts';

/** Accounts: register, log in, log out. */
export default fp<{ config: Config }>(
  async (app, { config }) => {
    await app.register(authRoutes, { config });
  },
  { name: 'auth', dependencies: ['database', 'redis', 'session', 'rate-limit', 'keyed-calls'] },
);
