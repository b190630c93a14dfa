import { createHmac } from 'node:crypto';
import type { Transaction } from '@shop/database/connection.ts';
import type { Committed } from '@shop/database/primary.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import stringify from 'safe-stable-stringify';
import type { Config } from '../config.ts';
import {
  type KeyedCall,
  type KeyedResponse,
  type Outcome,
  withIdempotencyKey,
} from './idempotency.service.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** This request as a keyed call of `owner` (`customer:<id>`, `session:<hash>` or `email:<hash>`). */
    keyedCall(owner: string): KeyedCall;
    /** Runs `work` at most once for this request's idempotency key, on the primary (`idempotency.service.ts`). */
    withIdempotencyKey(
      owner: string,
      work: (tx: Transaction) => Promise<Outcome>,
    ): Promise<Committed<KeyedResponse>>;
  }
  interface FastifyReply {
    /** Answers with the exact bytes that were stored, and gives the session its watermark. */
    sendKeyedResponse(committed: Committed<KeyedResponse>): FastifyReply;
  }
}

/** Between HTTP and `withIdempotencyKey`: the owner of a key, the comparison of bodies, the mark of a replay. */
export default fp<{ config: Config }>(
  async (app, { config }) => {
    const keepKeys = config.brokenVariant !== 'no-idempotency-row';
    const commitReplays = config.brokenVariant !== 'replay-without-commit';
    app.decorateRequest('keyedCall', function keyedCall(this: FastifyRequest, owner) {
      const key = this.headers['idempotency-key'];
      // Canonical JSON, in the manner of RFC 8785: white space and the order of fields do not make another body.
      const canonicalBody = stringify(this.body ?? null) ?? 'null';
      return {
        owner,
        route: `${this.method} ${pathOf(this)}`,
        key: typeof key === 'string' && keepKeys ? key : null,
        commitReplays,
        deadline: this.signal,
        bodyHash: createHmac('sha256', config.tokenSecret).update(canonicalBody).digest('hex'),
      };
    });

    app.decorateRequest('withIdempotencyKey', async function runOnce(this: FastifyRequest, owner, work) {
      return await withIdempotencyKey(app.db, this.keyedCall(owner), work);
    });

    app.decorateReply(
      'sendKeyedResponse',
      function sendKeyedResponse(this: FastifyReply, { value: answer, watermark }) {
        if (answer.replayed) this.header('idempotency-replayed', 'true');
        if (answer.context.location) this.header('location', answer.context.location);
        return this.setWatermark(watermark)
          .code(answer.status)
          .header('cache-control', 'no-store')
          .type('application/json; charset=utf-8')
          .serializer((body: string) => body)
          .send(answer.body);
      },
    );
  },
  { name: 'idempotency', dependencies: ['consistency', 'database', 'deadline'] },
);

/** The path of a call in one form: without encoded letters, and with its ids in lower case as Postgres writes them. */
function pathOf({ routeOptions, params }: FastifyRequest): string {
  const values = params as Record<string, string>;
  return (routeOptions.url ?? '').replace(/:(\w+)/g, (_, name: string) => (values[name] ?? '').toLowerCase());
}
