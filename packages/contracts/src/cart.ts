import { type Static, Type } from 'typebox';
import { Cents, Currency, Id, Strict } from './common.ts';

/** The most lines of a cart, and so of an order. */
export const maxLines = 50;
/** The most of one product in a line. */
export const maxQuantity = 99;

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
});
export type Cart = Static<typeof Cart>;

export const CartItemParams = Type.Object({ productId: Type.String() });
export const CartItemBody = Strict({ quantity: Quantity });
