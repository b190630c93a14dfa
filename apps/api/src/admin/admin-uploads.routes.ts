import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { AdminUploadQuery } from '@shop/contracts/admin.ts';
import { Problem } from '@shop/contracts/problems.ts';
import { UploadList } from '@shop/contracts/uploads.ts';
import { readPage } from '../list-page.ts';
import { toUpload, type UploadRow } from '../uploads/uploads.repository.ts';
import { listUploads } from './admin-uploads.repository.ts';

export const adminUploadRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/api/admin/uploads',
    {
      schema: {
        tags: ['Admin'],
        summary: 'The uploads of all customers, newest first',
        querystring: AdminUploadQuery,
        response: { 200: UploadList, default: Problem },
      },
    },
    async (request) => {
      const { status } = request.query;
      const { items, nextCursor } = await readPage<UploadRow, [string]>({
        cursors: app.cursors,
        context: { list: 'admin-uploads', status },
        query: request.query,
        read: (after, limit) => request.db.readReplica((tx) => listUploads(tx, status, limit, after?.[0])),
        position: ({ id }) => [id],
      });
      return { items: items.map(toUpload), nextCursor };
    },
  );
};
