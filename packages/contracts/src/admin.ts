import { type Static, Type } from 'typebox';
import { productFields } from './catalog.ts';
import { Cents, Id, List, ListQuery, Nullable, SentId, Strict, Timestamp } from './common.ts';
import { Topic } from './jobs.ts';
import { Order, OrderStatus } from './orders.ts';
import { Lines, Text, textKeyword } from './text.ts';
import { UploadStatus } from './uploads.ts';
import { maxPriceCents, slugPattern } from './values.ts';

/** More pieces of one product than any shop has, and far below the limit of 32 bits. */
export const maxStock = 1_000_000;

/** A product as an admin sees it; it may be inactive. */
export const AdminProduct = Type.Object({ ...productFields, active: Type.Boolean() });
export type AdminProduct = Static<typeof AdminProduct>;

export const AdminProductList = List(AdminProduct);
export const AdminProductQuery = Type.Object({
  q: Type.Optional(Text(0, 100, { description: 'An id, or part of a name or slug' })),
  status: Type.Optional(Type.Enum(['active', 'inactive'], { description: 'Absent: both' })),
  ...ListQuery,
});
export type AdminProductQuery = Static<typeof AdminProductQuery>;

const uuidPattern = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
const editable = {
  slug: Type.String({
    minLength: 1,
    maxLength: 100,
    pattern: slugPattern,
    [textKeyword]: 'line',
    // Under these slugs the catalogue has other calls.
    not: { anyOf: [{ const: 'suggestions' }, { pattern: uuidPattern }] },
    description: 'kebab-case; neither `suggestions` nor an id',
  }),
  name: Text(1, 200),
  description: Lines(1, 5_000),
  category: Text(1, 100, { description: 'Id of a category' }),
  priceCents: Cents({ maximum: maxPriceCents }),
};
const uploadId = Type.Optional(SentId({ description: 'An own upload for `product` that is `ready`' }));

export const NewProductBody = Strict({
  ...editable,
  stock: Type.Integer({ minimum: 0, maximum: maxStock }),
  uploadId,
});
export type NewProductBody = Static<typeof NewProductBody>;

export const ProductPatchBody = Strict({
  ...Type.Partial(Type.Object(editable)).properties,
  active: Type.Optional(Type.Boolean()),
  uploadId,
});
export type ProductPatchBody = Static<typeof ProductPatchBody>;

export const StockBody = Strict({
  delta: Type.Integer({ minimum: -maxStock, maximum: maxStock, not: { const: 0 } }),
  reason: Text(1, 200),
});
export type StockBody = Static<typeof StockBody>;

export const StockChange = Type.Object({
  id: Id,
  delta: Type.Integer(),
  reason: Type.String({
    description: '`initial`, `order`, `order-cancelled`, `payment-failed`, or an admin’s words',
  }),
  orderId: Nullable(Id),
  stockAfter: Type.Integer({ minimum: 0 }),
  createdAt: Timestamp,
});
export const StockChangeList = List(StockChange);
export const StockChangeQuery = Type.Object(ListQuery);

export const PriceChange = Type.Object({
  id: Id,
  beforeCents: Cents(),
  afterCents: Cents(),
  changedBy: Type.String({ description: 'The e-mail address of the admin' }),
  createdAt: Timestamp,
});
export const PriceChangeList = List(PriceChange);
export const PriceChangeQuery = Type.Object(ListQuery);

const Customer = Type.Object({ id: Id, email: Type.String(), name: Type.String() });
export const AdminOrder = Type.Object({ ...Order.properties, customer: Customer });
export type AdminOrder = Static<typeof AdminOrder>;
export const AdminOrderList = List(AdminOrder);
export const AdminOrderQuery = Type.Object({
  q: Type.Optional(
    Text(0, 254, { description: 'An id, the beginning of a number, or part of an e-mail address' }),
  ),
  status: Type.Optional(OrderStatus),
  ...ListQuery,
});

export const AdminOrderDetail = Type.Object({
  ...AdminOrder.properties,
  payment: Nullable(
    Type.Object(
      {
        capturedCents: Cents(),
        refundedCents: Cents(),
        reference: Nullable(Type.String()),
        failureReason: Nullable(Type.String()),
        capturedAt: Nullable(Timestamp),
        refundedAt: Nullable(Timestamp),
      },
      { description: 'Null until the provider has answered' },
    ),
  ),
  mails: Type.Array(
    Type.Object({
      messageId: Type.String(),
      kind: Type.String(),
      recipient: Type.String(),
      subject: Type.String(),
      sentAt: Timestamp,
    }),
  ),
  jobs: Type.Array(
    Type.Object({
      id: Id,
      topic: Topic,
      publishCount: Type.Integer({ description: 'How often it was handed to the queue' }),
      attempts: Type.Integer({ description: 'How often a worker tried it' }),
      done: Type.Boolean(),
      lastError: Nullable(Type.String()),
      createdAt: Timestamp,
      doneAt: Nullable(Timestamp),
    }),
    { description: 'What the order asked the outbox for' },
  ),
});
export type AdminOrderDetail = Static<typeof AdminOrderDetail>;

export const AdminUploadQuery = Type.Object({ status: Type.Optional(UploadStatus), ...ListQuery });
