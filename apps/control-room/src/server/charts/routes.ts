import type { FastifyInstance } from 'fastify';
import type { Charts } from '../../shared/charts.ts';
import type { Silence } from '../../shared/silence.ts';

/** `GET /charts`: the last 15 minutes. Without Prometheus it says so, and never sends charts without lines. */
export function registerCharts(app: FastifyInstance, read: () => Promise<Charts>): void {
  app.get('/charts', async (): Promise<Charts | Silence> => {
    return await read().catch(() => ({ silent: 'Prometheus does not answer' }));
  });
}
