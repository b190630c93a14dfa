import fp from 'fastify-plugin';
import { cartRoutes } from './cart.routes.ts';

/** The carts of guests and customers. */
export default fp(
  async (app) => {
    await app.register(cartRoutes);
  },
  { name: 'cart', dependencies: ['redis', 'session', 'catalog'] },
);
