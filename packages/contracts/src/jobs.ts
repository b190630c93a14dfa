import { type Static, Type } from 'typebox';
import { Id, Strict } from './common.ts';

/** The queues of BullMQ; one a kind of neighbour that may be slow, so that none holds up the others. */
export const queueNames = ['payments', 'mails', 'pictures'] as const;
export type QueueName = (typeof queueNames)[number];

/**
 * What the outbox can ask for: topic → queue and payload. A job is named by its topic, its id is the id of the
 * outbox row. A payload holds names only: a job reads what it needs when it runs.
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
          'Of the bytes in bucket `uploads`, a key that no URL was signed for: nobody can change them',
      }),
    }),
  },
} as const satisfies Record<string, { queue: QueueName; payload: ReturnType<typeof Strict> }>;

export type Topic = keyof typeof topics;
export type Payload<T extends Topic> = Static<(typeof topics)[T]['payload']>;

export const Topic = Type.Enum(Object.keys(topics) as Topic[]);

/** The Message-ID of an order's confirmation: always the same, so that a copy is recognised as one. */
export const confirmationMessageId = (orderId: string) => `<order-${orderId}@shop.example>`;
