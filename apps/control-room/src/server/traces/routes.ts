import type { FastifyInstance } from 'fastify';
import type { RequestTrace, Slowest, TracedRequest, TracedSpan } from '../../shared/traces.ts';

/** The store of traces of the topology. Both may fail. */
export interface Traces {
  slowest(): Promise<TracedRequest[]>;
  ofRequest(id: string): Promise<TracedSpan[]>;
}

const silence = { silent: 'The store of traces does not answer' };

/** `GET /traces` and `GET /traces/<request id>`. The store is asked when a page asks, and never otherwise. */
export function registerTraces(app: FastifyInstance, traces: Traces): void {
  app.get('/traces', async (): Promise<Slowest> => {
    return await traces.slowest().then(
      (requests) => ({ requests }),
      () => silence,
    );
  });
  app.get<{ Params: { id: string } }>('/traces/:id', async ({ params }): Promise<RequestTrace> => {
    return await traces.ofRequest(params.id).then(
      (spans) => ({ spans }),
      () => silence,
    );
  });
}
