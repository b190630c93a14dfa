import type { TracedSpan } from '@shop/contracts/traces.ts';
import Fastify from 'fastify';
import fp from 'fastify-plugin';
import { type ExportRequest, readSpans } from './otlp.ts';

/** More than a full batch of 512 spans takes. */
const bodyLimit = 4 * 1024 * 1024;

/** Makes a server take what OpenTelemetry's exporters send: OTLP over HTTP, as JSON. */
export const collector = fp<{ take: (spans: TracedSpan[]) => void }>(
  async (app, { take }) => {
    app.post<{ Body: ExportRequest }>('/v1/traces', { bodyLimit }, async ({ body }) => {
      take(readSpans(body));
      return {};
    });
  },
  { name: 'collector' },
);

/** A collector on a free port of this machine, for tests. */
export async function startCollector() {
  const spans: TracedSpan[] = [];
  const server = Fastify({ forceCloseConnections: true });
  server.register(collector, { take: (received) => spans.push(...received) });
  const endpoint = await server.listen({ port: 0, host: '127.0.0.1' });
  return { endpoint, spans, close: () => server.close() };
}
