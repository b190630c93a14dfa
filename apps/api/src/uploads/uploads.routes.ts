import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { IdParams, KeyedHeaders } from '@shop/contracts/common.ts';
import { Problem } from '@shop/contracts/problems.ts';
import { CreateUploadBody, Upload, UploadTarget } from '@shop/contracts/uploads.ts';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { customerId, requireCustomer } from '../auth/guards.ts';
import { parseId } from '../parse-id.ts';
import { ProblemError } from '../problem-error.ts';
import { findOwnUpload, toUpload } from './uploads.repository.ts';
import { completeUpload, createUpload } from './uploads.service.ts';

const bytes = { schema: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }) };
const pictures = { 'image/png': bytes, 'image/jpeg': bytes, 'image/webp': bytes };

const tags = ['Pictures and reviews'];

export const uploadRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.addHook('preValidation', requireCustomer);
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  app.post(
    '/api/uploads',
    {
      schema: {
        tags,
        summary: 'Ask for a place to put a picture',
        headers: KeyedHeaders,
        body: CreateUploadBody,
        response: { 201: UploadTarget, default: Problem },
      },
    },
    async (request, reply) => {
      const customer = { id: customerId(request), role: request.identity?.role ?? 'customer' };
      const committed = await request.withIdempotencyKey(`customer:${customer.id}`, async (tx) => ({
        status: 201,
        body: await createUpload({ tx, objects: app.objects }, customer, request.body),
      }));
      return reply.sendKeyedResponse(committed);
    },
  );

  app.post(
    '/api/uploads/:id/complete',
    {
      schema: {
        tags,
        summary: 'Say that the bytes are there; repeatable',
        headers: KeyedHeaders,
        params: IdParams,
        response: { 202: Upload, default: Problem },
      },
    },
    async (request, reply) => {
      const id = parseId(request.params.id);
      const stores = { db: request.db, objects: app.objects, signal: request.signal };
      const { value: upload, watermark } = await completeUpload(stores, customerId(request), id);
      return reply.setWatermark(watermark).code(202).send(upload);
    },
  );

  app.get(
    '/api/uploads/:id',
    {
      schema: {
        tags,
        summary: 'One own upload',
        params: IdParams,
        response: { 200: Upload, default: Problem },
      },
    },
    async (request) => toUpload(await ownUpload(request, request.params.id)),
  );

  app.get(
    '/api/uploads/:id/original',
    {
      schema: {
        tags,
        summary: 'The bytes of an own upload, as they were sent',
        params: IdParams,
        response: { 200: { description: 'The picture', content: pictures }, default: Problem },
      },
    },
    async (request, reply) => {
      const { status, sha256, contentType } = await ownUpload(request, request.params.id);
      if (status !== 'ready' || !sha256) throw new ProblemError('not-found');
      const bytes = await app.objects.read(`originals/${sha256}`, request.signal);
      // A customer chose these bytes: a browser must not take them for a page or a script.
      return reply
        .type(contentType)
        .header('x-content-type-options', 'nosniff')
        .header('content-disposition', 'attachment')
        .send(Buffer.from(bytes));
    },
  );

  async function ownUpload(request: FastifyRequest, id: string) {
    const customer = customerId(request);
    const upload = await request.db.readReplica((tx) => findOwnUpload(tx, customer, parseId(id)));
    if (!upload) throw new ProblemError('not-found');
    return upload;
  }
};
