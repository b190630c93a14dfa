import type { ProviderPayment } from '@shop/contracts/payment-provider.ts';
import { inSpan, SpanKind, traceparent } from '@shop/tracing/spans.ts';
import { Agent, request } from 'undici';

/** Longer than the provider waits for its own database; normally it answers within milliseconds. */
const timeoutMs = 5_000;
/** Statuses whose body is the payment: taken, declined, refused because it was refunded before. */
const answered = new Set([200, 402, 409]);

export type PaymentProvider = {
  /** Captures the payment. Any number of calls for one order take the money once. @throws when no answer came. */
  capture(orderId: string, amountCents: number): Promise<ProviderPayment>;
  /** Refunds what was captured, once; a capture that arrives later takes nothing. @throws when no answer came. */
  refund(orderId: string): Promise<ProviderPayment>;
  close(): Promise<void>;
};

/** The client of the payment provider. It does not retry: the job does, and the order's id makes that safe. */
export function openPaymentProvider(baseUrl: string): PaymentProvider {
  const dispatcher = new Agent({
    connect: { timeout: 1_000 },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    // The name is resolved again soon, because a restarted provider may have another address.
    keepAliveTimeout: 4_000,
  });
  const send = async (path: string, body: object): Promise<ProviderPayment> => {
    const place = traceparent();
    const response = await request(new URL(path, baseUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(place && { traceparent: place }) },
      body: JSON.stringify(body),
      dispatcher,
    });
    const text = await response.body.text();
    if (!answered.has(response.statusCode)) {
      throw new Error(`the payment provider answered ${response.statusCode}`);
    }
    return JSON.parse(text) as ProviderPayment;
  };
  const post = (path: string, body: object) =>
    inSpan(`POST ${path}`, { kind: SpanKind.CLIENT }, () => send(path, body));
  return {
    capture: (orderId, amountCents) => post('/captures', { orderId, amountCents }),
    refund: (orderId) => post('/refunds', { orderId }),
    close: () => dispatcher.destroy(),
  };
}
