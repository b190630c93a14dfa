import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { orderRoutes } from './orders.routes.ts';

/** Placing, reading and cancelling orders. */
export default fp<{ config: Config }>(
  async (app, { config }) => {
    await app.register(orderRoutes, { config });
  },
  { name: 'orders', dependencies: ['database', 'redis', 'catalog', 'keyed-calls', 'cursors'] },
);
