import { setTimeout as sleep } from 'node:timers/promises';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Behaviour, CaptureBody, ProviderPayment, RefundBody } from '@shop/contracts/payment-provider.ts';
import { createPool, type Transaction } from '@shop/database/connection.ts';
import { Primary } from '@shop/database/primary.ts';
import traceRequests from '@shop/tracing/requests.ts';
import { traceIds } from '@shop/tracing/spans.ts';
import Fastify, { LogController } from 'fastify';
import { Counter, collectDefaultMetrics, Registry } from 'prom-client';
import { Type } from 'typebox';
import { validate as isUuid } from 'uuid';
import { getBehaviour, type Mode, modesOf, setBehaviour, takeBehaviour } from './behaviour.repository.ts';
import type { Config } from './config.ts';
import { capture, captureUnlessTold, findPayment, refund } from './payments.repository.ts';

/**
 * Shorter than the worker waits for this provider, so that the worker can tell a dead database from a dead provider.
 */
const transactionTimeoutMs = 4_000;

const Nothing = Type.Object({ error: Type.String() });

/**
 * A sandbox for the service of a payment company: captures and refunds that are idempotent by order id, in a table of
 * its own that the shop cannot write. It can be told to misbehave as real providers do.
 */
export function buildApp(config: Config) {
  // When the provider stops, it cuts off a client that waits for a slow answer.
  const app = Fastify({
    logger: { level: config.logLevel, mixin: traceIds },
    disableRequestLogging: true,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.register(traceRequests, { config });

  const pool = createPool({
    ...config.database,
    queryTimeoutMs: transactionTimeoutMs,
    waitTimeoutMs: transactionTimeoutMs,
  });
  const primary = new Primary(pool);
  app.addHook('onClose', async () => await pool.end());
  // Every call may be repeated, so a transaction runs again when the answer to its commit was lost.
  const repeatable = () => ({ deadline: AbortSignal.timeout(transactionTimeoutMs), replayable: true });
  const transaction = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => {
    return (await primary.transaction(work, repeatable())).value;
  };

  /**
   * Does the work of a call in the way that the sandbox was told. Both share one transaction, and so one commit for
   * each call, unless the call must wait before the work.
   */
  const behaved = async (
    call: 'capture' | 'refund',
    work: (tx: Transaction, mode: Mode) => Promise<ProviderPayment>,
  ) => {
    const told = await transaction(async (tx) => {
      const behaviour = await takeBehaviour(tx, call);
      const later = behaviour.mode === 'slow' || behaviour.mode === 'fail';
      return { ...behaviour, payment: later ? undefined : await work(tx, behaviour.mode) };
    });
    if (told.mode === 'slow') await sleep(told.delayMs, undefined, { ref: false });
    if (told.mode === 'fail') throw new Error('told to fail');
    return { ...told, payment: told.payment ?? (await transaction((tx) => work(tx, told.mode))) };
  };

  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const calls = new Counter({
    name: 'shop_payment_calls_total',
    help: 'Captures and refunds asked for, by what became of them',
    labelNames: ['call', 'outcome'] as const,
    registers: [registry],
  });

  app.post(
    '/captures',
    {
      schema: {
        body: CaptureBody,
        response: { '2xx': ProviderPayment, 402: ProviderPayment, 409: ProviderPayment },
      },
    },
    async (request, reply) => {
      const order = { ...request.body, declined: false };
      const usual = await captureUnlessTold(primary, order, modesOf.capture, repeatable());
      const { payment, mode, delayMs } = usual
        ? { payment: usual, mode: 'normal', delayMs: 0 }
        : await behaved('capture', (tx, told) => capture(tx, { ...order, declined: told === 'decline' }));
      calls.inc({ call: 'capture', outcome: payment.status });
      if (mode === 'timeout-after-capture') {
        await sleep(delayMs, undefined, { ref: false });
        reply.hijack();
        reply.raw.destroy();
        return reply;
      }
      const refused = { declined: 402, voided: 409, captured: 200, refunded: 200 } as const;
      return reply.code(refused[payment.status]).send(payment);
    },
  );

  app.post(
    '/refunds',
    { schema: { body: RefundBody, response: { '2xx': ProviderPayment } } },
    async (request) => {
      const { payment } = await behaved('refund', (tx) => refund(tx, request.body.orderId));
      calls.inc({ call: 'refund', outcome: payment.status });
      return payment;
    },
  );

  app.get(
    '/payments/:orderId',
    {
      schema: {
        params: Type.Object({ orderId: Type.String() }),
        response: { 200: ProviderPayment, 404: Nothing },
      },
    },
    async (request, reply) => {
      const { orderId } = request.params;
      const payment = isUuid(orderId) ? await transaction((tx) => findPayment(tx, orderId)) : undefined;
      return payment ?? reply.code(404).send({ error: 'no payment for this order' });
    },
  );

  app.get(
    '/behaviour',
    { schema: { response: { 200: Behaviour } } },
    async () => await transaction(getBehaviour),
  );
  app.put(
    '/behaviour',
    { schema: { body: Behaviour, response: { 200: Behaviour } } },
    async (request) => await transaction((tx) => setBehaviour(tx, request.body)),
  );

  app.get('/livez', async () => ({ status: 'ok' }));
  app.get('/readyz', async (request, reply) => {
    try {
      await pool.with((client) => client.query('SELECT 1'));
      return { status: 'ok' };
    } catch (err) {
      request.log.warn({ err }, 'Postgres does not answer');
      return await reply.code(503).send({ status: 'unavailable' });
    }
  });
  app.get('/metrics', async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
  return app;
}
