import { type Static, Type } from 'typebox';
import { Cents, Id, Nullable, Strict, Timestamp } from './common.ts';

/** What the sandbox payment provider and its one client, the worker, agree on. Each call is idempotent by order id. */

/**
 * `captured`: money was taken. `declined`: it never will be. `refunded`: it was taken and given back.
 * `voided`: the refund came before any capture, so a capture that arrives later is refused.
 */
export const PaymentStatus = Type.Enum(['captured', 'declined', 'refunded', 'voided']);

export const ProviderPayment = Type.Object({
  orderId: Id,
  status: PaymentStatus,
  capturedCents: Cents(),
  refundedCents: Cents(),
  reference: Type.String({ description: "The provider's own name of the payment" }),
  captureAttempts: Type.Integer({ description: 'How often a capture was asked for; money moves once' }),
  refundAttempts: Type.Integer(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type ProviderPayment = Static<typeof ProviderPayment>;

export const CaptureBody = Strict({ orderId: Id, amountCents: Cents() });
export const RefundBody = Strict({ orderId: Id });

export const behaviourModes = ['normal', 'slow', 'decline', 'fail', 'timeout-after-capture'] as const;

/** How the sandbox misbehaves. */
export const Behaviour = Strict({
  mode: Type.Enum([...behaviourModes]),
  delayMs: Type.Integer({
    minimum: 0,
    maximum: 600_000,
    default: 0,
    description:
      '`slow`: wait before the work. `timeout-after-capture`: silence before the connection is cut',
  }),
  calls: Type.Optional(
    Nullable(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        description: 'For so many calls, then normal; null: for good',
      }),
    ),
  ),
});
export type Behaviour = Static<typeof Behaviour>;
