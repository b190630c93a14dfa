import { type Static, Type } from 'typebox';
import { maxLines, Quantity } from './cart.ts';
import { Cents, Currency, Id, KeyedHeaders, List, ListQuery, SentId, Strict, Timestamp } from './common.ts';
import { orderStatuses } from './values.ts';

export const OrderStatus = Type.Enum(orderStatuses);

export const OrderLine = Type.Object({
  productId: Id,
  slug: Type.String(),
  name: Type.String(),
  unitPriceCents: Cents({ description: 'The price of the day of the order' }),
  quantity: Quantity,
  lineTotalCents: Cents(),
});

export const Order = Type.Object({
  id: Id,
  number: Type.String({ description: 'Short enough to read out', examples: ['100001'] }),
  status: OrderStatus,
  items: Type.Array(OrderLine),
  totalCents: Cents(),
  currency: Currency,
  placedAt: Timestamp,
  updatedAt: Timestamp,
});
export type Order = Static<typeof Order>;

export const OrderList = List(Order);
export const OrderListQuery = Type.Object(ListQuery);

/** `{}` orders the cart. */
export const PlaceOrderBody = Strict({
  items: Type.Optional(
    Type.Array(Strict({ productId: SentId(), quantity: Quantity }), {
      minItems: 1,
      maxItems: maxLines,
      description: 'Absent: orders the cart and empties it',
    }),
  ),
});
export type PlaceOrderBody = Static<typeof PlaceOrderBody>;

/** The key is required: an order must never happen twice. */
export const PlaceOrderHeaders = Type.Object({
  ...Type.Required(KeyedHeaders).properties,
  'x-customer-id': Type.Optional(
    Type.String({
      format: 'uuid',
      description:
        'For whom the order is meant: 409 `session-changed` when the session belongs to another customer',
    }),
  ),
});
