import type { FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import fp from 'fastify-plugin';
import createRouter, { type HTTPMethod } from 'find-my-way';
import { ProblemError } from '../problem-error.ts';
import { sendProblem } from './problems.ts';

const methods: HTTPMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** An unknown address is 404; a known one with another method is 405 and says which methods there are. */
export default fp(
  async (app) => {
    const known = createRouter();
    app.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat() as HTTPMethods[]) {
        if (known.findRoute(one as HTTPMethod, url) === null) known.on(one as HTTPMethod, url, () => {});
      }
    });
    const answer = (request: FastifyRequest, reply: FastifyReply) => {
      const path = request.url.split('?')[0] ?? '/';
      const allowed = methods.filter((method) => known.find(method, path) !== null);
      if (allowed.length === 0) return sendProblem(reply, new ProblemError('not-found'));
      reply.header('allow', allowed.join(', '));
      return sendProblem(reply, new ProblemError('method-not-allowed'));
    };
    // Runs before the body is parsed: an error in a body that no route reads does not matter.
    app.addHook('preParsing', async (request, reply) => (request.is404 ? answer(request, reply) : undefined));
    app.setNotFoundHandler(answer);
  },
  { name: 'not-found' },
);
