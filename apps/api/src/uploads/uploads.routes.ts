import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { IdParams, KeyedHeaders } from '@shop/contracts/common.ts';
import { originalKey } from '@shop/contracts/media.ts';
import { Problem } from '@shop/contracts/problems.ts';
import { CreateUploadBody, Upload, UploadTarget } from '@shop/contracts/uploads.ts';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { customerId, requireCustomer } from '../auth/guards.ts';
import { parseId } from '../parse-id.ts';
import { ProblemError } from '../problem-error.ts';
import { findOwnUpload, nameOfReady, toUpload } from './uploads.repository.ts';
import { completeUpload, createUpload } from './uploads.service.ts';

const bytes = { schema: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }) };
const pictures = { 'image/png': bytes, 'image/jpeg': bytes, 'image/webp': bytes };

const tags = ['Pictures and reviews'];

export const uploadRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  app.post(
    '/api/uploads',
    {
      config: { refusals: ['not-admin', 'upload-too-large'] },
      preValidation: requireCustomer,
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
      config: { ignoresKey: true, refusals: ['upload-missing', 'upload-expired'] },
      preValidation: requireCustomer,
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
      preValidation: requireCustomer,
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
      preValidation: requireCustomer,
      schema: {
        tags,
        summary: 'The bytes of an own upload, as they were sent',
        params: IdParams,
        response: { 200: { description: 'The picture', content: pictures }, default: Problem },
      },
    },
    async (request, reply) => {
      const upload = await ownUpload(request, request.params.id);
      const name = nameOfReady(upload);
      if (name === null) throw new ProblemError('not-found');
      const { contentType } = upload;
      const bytes = await app.objects.read(originalKey(name), request.signal);
      // A customer uploaded these bytes: a browser must not treat them as a page or a script.
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
