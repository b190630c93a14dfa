import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { ObjectStore } from './object-store.ts';
import { uploadRoutes } from './uploads.routes.ts';

declare module 'fastify' {
  interface FastifyInstance {
    objects: ObjectStore;
  }
}

/** Uploads of pictures, and the object store that keeps them. */
export default fp<{ config: Pick<Config, 'objects'> }>(
  async (app, { config }) => {
    const objects = new ObjectStore(config.objects);
    app.decorate('objects', objects);
    app.addHook('onClose', async () => objects.close());
    await app.register(uploadRoutes);
  },
  { name: 'uploads', dependencies: ['database', 'session', 'idempotency'] },
);
