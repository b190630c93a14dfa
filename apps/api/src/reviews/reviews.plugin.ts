import fp from 'fastify-plugin';
import { reviewRoutes } from './reviews.routes.ts';

/** What buyers say about products. */
export default fp(
  async (app) => {
    await app.register(reviewRoutes);
  },
  { name: 'reviews', dependencies: ['database', 'catalog', 'session', 'keyed-calls', 'cursors'] },
);
