import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { AdminUploadQuery } from '@shop/contracts/admin.ts';
import { listLimitDefault } from '@shop/contracts/common.ts';
import { Problem } from '@shop/contracts/problems.ts';
import { UploadList } from '@shop/contracts/uploads.ts';
import { toUpload } from '../uploads/uploads.repository.ts';
import { listUploads } from './admin-uploads.repository.ts';

export const adminUploadRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/api/admin/uploads',
    {
      schema: {
        tags: ['Admin'],
        summary: 'Everybody’s uploads, newest first',
        querystring: AdminUploadQuery,
        response: { 200: UploadList, default: Problem },
      },
    },
    async (request) => {
      const { status, limit = listLimitDefault, cursor } = request.query;
      const context = { list: 'admin-uploads', status };
      const [before] = app.cursors.decode(context, cursor) ?? [];
      const rows = await app.db
        .replica(request.consistency)
        .read((tx) => listUploads(tx, status, limit + 1, before as string | undefined), request.signal);
      const items = rows.slice(0, limit).map(toUpload);
      const last = items.at(-1);
      const nextCursor = rows.length > limit && last ? app.cursors.encode(context, [last.id]) : null;
      return { items, nextCursor };
    },
  );
};
