import { type Static, Type } from 'typebox';
import { Cents, Id, Nullable, Strict, Timestamp } from './common.ts';
import { paymentStatuses } from './values.ts';

/**
 * The contract between the sandbox payment provider and its one client, the worker. Each call is idempotent by order
 * id.
 */

export const PaymentStatus = Type.Enum(paymentStatuses);

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
