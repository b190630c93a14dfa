import { type Static, Type } from 'typebox';
import { Cents, Currency, Id, KeyedHeaders, SentId, Strict } from './common.ts';
import { maxQuantity } from './values.ts';

/** The most lines of a cart, and so of an order. */
export const maxLines = 50;

export const Quantity = Type.Integer({ minimum: 1, maximum: maxQuantity });

export const CartLine = Type.Object({
  productId: Id,
  slug: Type.String(),
  name: Type.String(),
  imageUrl: Type.String(),
  priceCents: Cents({ description: "Today's price" }),
  quantity: Quantity,
  lineTotalCents: Type.Integer(),
  available: Type.Boolean({ description: 'This many can be bought now' }),
});
export type CartLine = Static<typeof CartLine>;

export const Cart = Type.Object({
  items: Type.Array(CartLine),
  totalCents: Type.Integer(),
  currency: Currency,
  version: Type.String({
    description: 'Opaque; changes with every change and is never used again. For `If-Match`',
  }),
});
export type Cart = Static<typeof Cart>;

/** The answer to an addition. */
export const AddedCart = Type.Object({
  ...Cart.properties,
  notAdded: Type.Integer({
    minimum: 0,
    maximum: maxQuantity,
    description: `How many were left out, because a line has at most ${maxQuantity}`,
  }),
});
export type AddedCart = Static<typeof AddedCart>;

/** A product and the quantity that a merge left out of the cart. */
export const NotMerged = Type.Object({ productId: Id, quantity: Quantity });
export type NotMerged = Static<typeof NotMerged>;

export const CartItemParams = Type.Object({ productId: Type.String() });
export const CartItemBody = Strict({ quantity: Quantity });
export const AddItemBody = Strict({ productId: SentId(), quantity: Quantity });

const etag = '(W/)?"[\\x21\\x23-\\x7e]*"';
/** For calls that set or remove: they change only a cart of this version. */
export const CartChangeHeaders = Type.Object({
  ...KeyedHeaders.properties,
  'if-match': Type.Optional(
    Type.String({
      maxLength: 1000,
      pattern: `^(\\*|${etag}([ \\t]*,[ \\t]*${etag})*)$`,
      description: 'The `version` of the cart that the change was decided on, in quotes',
      examples: ['"0199c0de-7a6b-7000-8000-2f1e3d4c5b6a"'],
    }),
  ),
});
