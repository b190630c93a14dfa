import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Problem } from '@shop/contracts/problems.ts';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';

const requestIdPattern = /^[A-Za-z0-9._-]{8,64}$/;

/** The id of a request: the caller's when it is usable, else a new one. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const sent = request.headers['x-request-id'];
  return typeof sent === 'string' && requestIdPattern.test(sent) ? sent : randomUUID();
}

/** Every answer says which request it belongs to and which replica made it. */
export default fp<{ config: Config }>(
  async (app, { config }) => {
    const startedAt = new Date().toISOString();
    app.addHook('onRequest', async (request, reply) => {
      reply.header('x-request-id', request.id).header('x-served-by', config.replica);
    });
    app.get('/api/whoami', { schema: whoamiSchema }, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const edge = request.headers['x-edge'];
      return {
        replica: config.replica,
        startedAt,
        version: config.version,
        edge: typeof edge === 'string' ? edge : null,
      };
    });
  },
  { name: 'replica-identity' },
);

const whoamiSchema = {
  tags: ['Operations'],
  summary: 'Which replica and edge answer',
  response: {
    default: Problem,
    200: {
      type: 'object',
      required: ['replica', 'startedAt', 'version', 'edge'],
      properties: {
        replica: { type: 'string' },
        startedAt: { type: 'string', format: 'date-time' },
        version: { type: 'string' },
        edge: { type: ['string', 'null'], enum: ['edge-1', 'edge-2', null] },
      },
    },
  },
} as const;
