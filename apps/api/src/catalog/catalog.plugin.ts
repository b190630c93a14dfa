import fp from 'fastify-plugin';
import { catalogRoutes } from './catalog.routes.ts';
import { Catalog } from './catalog.service.ts';

declare module 'fastify' {
  interface FastifyInstance {
    catalog: Catalog;
  }
}

/** Categories, products and search. */
export default fp(
  async (app) => {
    app.decorate('catalog', new Catalog(app.db, app.catalogCache, app.cursors));
    await app.register(catalogRoutes);
  },
  { name: 'catalog', dependencies: ['database', 'consistency', 'cursors', 'catalog-cache'] },
);
