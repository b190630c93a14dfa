import { type Static, Type } from 'typebox';
import { Id, Strict } from './common.ts';

/**
 * The queues of BullMQ: one for each kind of peer that may be slow, so that one slow peer does not delay the others.
 */
export const queueNames = ['payments', 'mails', 'pictures'] as const;
export type QueueName = (typeof queueNames)[number];

/**
 * The effects that the outbox can ask for: topic → queue and payload. A job's name is its topic, its id is the id of
 * the outbox row. A payload has ids only: a job reads the data when it runs.
 */
export const topics = {
  'payment.capture': { queue: 'payments', payload: Strict({ orderId: Id }) },
  'payment.refund': { queue: 'payments', payload: Strict({ orderId: Id }) },
  'mail.order-confirmation': { queue: 'mails', payload: Strict({ orderId: Id }) },
  'picture.process': {
    queue: 'pictures',
    payload: Strict({
      uploadId: Id,
      key: Type.String({
        description:
          'Of the bytes in bucket `uploads`, a key for which no URL was signed, so no client can change them',
      }),
    }),
  },
} as const satisfies Record<string, { queue: QueueName; payload: ReturnType<typeof Strict> }>;

export type Topic = keyof typeof topics;
export type Payload<T extends Topic> = Static<(typeof topics)[T]['payload']>;

export const Topic = Type.Enum(Object.keys(topics) as Topic[]);

/** The Message-ID of an order's confirmation: always the same, so that mail programs recognise a copy. */
export const confirmationMessageId = (orderId: string) => `<order-${orderId}@shop.example>`;
