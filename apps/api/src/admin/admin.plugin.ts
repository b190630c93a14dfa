import { Problem } from '@shop/contracts/problems.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { Type } from 'typebox';
import { requireAdmin } from '../auth/guards.ts';
import type { Config } from '../config.ts';
import { adminOrderRoutes } from './admin-orders.routes.ts';
import { adminProductHistoryRoutes } from './admin-product-history.routes.ts';
import { adminProductRoutes } from './admin-products.routes.ts';
import { adminUploadRoutes } from './admin-uploads.routes.ts';
import { queuesBoard } from './queues.ts';

/** Calls for administrators only. Other sessions are refused before anything else of the request is checked. */
export default fp<{ config: Config }>(
  async (app, { config }) => {
    await app.register(async (admin) => {
      admin.addHook('onRequest', adminsOnly);
      admin.get('/api/admin/session', { schema: sessionSchema }, async (_request, reply) =>
        reply.code(204).send(),
      );
      await admin.register(adminProductRoutes);
      await admin.register(adminProductHistoryRoutes);
      await admin.register(adminOrderRoutes);
      await admin.register(adminUploadRoutes);
      await admin.register(queuesBoard, { config });
    });
  },
  { name: 'admin', dependencies: ['session', 'catalog', 'idempotency', 'cursors'] },
);

const sessionSchema = {
  tags: ['Admin'],
  summary: 'Whether this session is an administrator’s; the edge asks before it shows the tools',
  response: { 204: Type.Null(), default: Problem },
};

async function adminsOnly(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.header('cache-control', 'no-store');
  await requireAdmin(request);
}
