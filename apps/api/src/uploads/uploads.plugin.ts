import fp from 'fastify-plugin';
import { uploadRoutes } from './uploads.routes.ts';

/** Pictures on their way in: a place to put them, and what became of them. */
export default fp(
  async (app) => {
    await app.register(uploadRoutes);
  },
  { name: 'uploads', dependencies: ['database', 'objects', 'session', 'keyed-calls'] },
);
