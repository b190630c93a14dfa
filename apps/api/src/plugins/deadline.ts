import type { FastifyReply } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { ProblemError } from '../problem-error.ts';

/**
 * Every request is answered by its deadline, at the latest with 504, and `request.signal` aborts then or when the
 * client disconnects. Fastify's own `handlerTimeout` mistakes the end of a request's body for a disconnect
 * (https://github.com/fastify/fastify/pull/6725): each POST would lose its deadline and find its signal aborted.
 */
export default fp<{ config: Pick<Config, 'requestDeadlineMs'> }>(
  async (app, { config }) => {
    const timers = new WeakMap<FastifyReply, NodeJS.Timeout>();

    app.addHook('onRequest', async (request, reply) => {
      // Made on first use: it costs more than the rest of this hook, and the shortest answers never need it.
      let controller: AbortController | undefined;
      let over: { reason?: ProblemError } | undefined;
      const end = (reason?: ProblemError) => {
        over = { reason };
        controller?.abort(reason);
      };
      const timer = setTimeout(() => {
        const late = new ProblemError('deadline-exceeded');
        end(late);
        // The headers are sent, so the answer cannot become a 504 any more.
        if (reply.raw.headersSent) reply.raw.destroy();
        else reply.send(late);
      }, config.requestDeadlineMs);
      timers.set(reply, timer);
      reply.raw.once('close', () => {
        clearTimeout(timer);
        if (!reply.raw.writableFinished) end();
      });
      Object.defineProperty(request, 'signal', {
        get() {
          if (!controller) {
            controller = new AbortController();
            if (over) controller.abort(over.reason);
          }
          return controller.signal;
        },
      });
    });

    // A complete answer has kept the deadline. A stream must still end in time.
    app.addHook('onSend', async (_request, reply, payload) => {
      if (typeof payload === 'string' || payload == null) clearTimeout(timers.get(reply));
      return payload;
    });
  },
  { name: 'deadline' },
);
