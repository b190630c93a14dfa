import { randomUUID } from 'node:crypto';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import type { OperationKind, SeenOrder } from './history.ts';
import { Complaint, expectStatus, type Perform, type Turn } from './turn.ts';
import { uploadPicture } from './upload.ts';

const get = async ({ shopper, operation }: Turn, path: string) =>
  expectStatus(await shopper.send(operation, { method: 'GET', path }), 200).body;

const seen = ({ id, status, placedAt }: Required<SeenOrder>) => ({ id, status, placedAt });

const search: Perform = async (turn) => {
  // Each product of a run is called `Chaos item <number>`.
  const page = await get(turn, '/api/products?q=chaos%20item&limit=10');
  if (page.items.length === 0) throw new Complaint('the search finds nothing');
};

const product: Perform = async (turn) => {
  const body = await get(turn, `/api/products/${turn.item.slug}`);
  if (body.id !== turn.item.id) throw new Complaint(`another product came back: ${body.id}`);
  turn.operation.saw = { stock: { productId: body.id, stock: body.stock } };
};

const putIntoCart: Perform = async ({ shopper, operation, item, choice }) => {
  operation.cart = { productId: item.id, quantity: choice.quantity };
  const body = { quantity: choice.quantity };
  expectStatus(
    await shopper.send(operation, { method: 'PUT', path: `/api/cart/items/${item.id}`, body }),
    200,
  );
};

const addToCart: Perform = async ({ shopper, operation, item, choice }) => {
  operation.added = { productId: item.id, quantity: choice.quantity };
  const call = { method: 'POST', path: '/api/cart/items', body: operation.added, key: randomUUID() };
  expectStatus(await shopper.send(operation, call), 200);
};

const readCart: Perform = async (turn) => {
  const { items } = await get(turn, '/api/cart');
  const lines = items.map(({ productId, quantity }: { productId: string; quantity: number }) => [
    productId,
    quantity,
  ]);
  turn.operation.saw = { cart: Object.fromEntries(lines) };
};

const order: Perform = async ({ shopper, operation, item, choice }) => {
  const { quantity } = choice;
  const wanted = { id: '', productId: item.id, quantity, key: randomUUID() };
  operation.order = wanted;
  const body = { items: [{ productId: item.id, quantity }] };
  const reply = await shopper.send(operation, { method: 'POST', path: '/api/orders', body, key: wanted.key });
  if (reply.status === 409 && reply.body.code === 'out-of-stock') {
    operation.order = { ...wanted, refused: true };
    return;
  }
  const { id, placedAt } = expectStatus(reply, 201).body;
  operation.order = { ...wanted, id, placedAt };
  shopper.orders.push(id);
};

/** Reads one order of the session, or the list of its orders when there is none yet. */
const readBack: Perform = async (turn) => {
  const { orders, cancelled } = turn.shopper;
  const id = pick([...orders, ...cancelled], turn.choice.fraction);
  if (!id) return await listOrders(turn);
  turn.operation.lookedFor = id;
  const body = await get(turn, `/api/orders/${id}`);
  if (body.id !== id) throw new Complaint(`another order came back: ${body.id}`);
  turn.operation.saw = { orders: [seen(body)] };
};

const listOrders: Perform = async (turn) => {
  const { items, nextCursor } = await get(turn, '/api/orders?limit=20');
  turn.operation.saw = { page: { orders: items.map(seen), isLast: nextCursor === null } };
};

const cancel: Perform = async (turn) => {
  const { shopper, operation, choice } = turn;
  const id = pick(shopper.orders, choice.fraction);
  if (!id) {
    operation.kind = 'order';
    return await order(turn);
  }
  shopper.orders = shopper.orders.filter((other) => other !== id);
  operation.cancelledId = id;
  const path = `/api/orders/${id}/cancel`;
  const { body } = expectStatus(await shopper.send(operation, { method: 'POST', path }), 200);
  if (body.status !== 'cancelled') throw new Complaint(`cancelled and yet ${body.status}`);
  shopper.cancelled.push(id);
};

/** A second login of the same customer: it must hold until its logout, and end with it. */
const logInAndOut: Perform = async ({ shopper, operation }) => {
  const visit = new ShopClient(shopper.client.edge);
  const { email, password, id } = shopper.account;
  const call = (method: string, path: string, body?: object) =>
    shopper.send(operation, { method, path, body }, visit);
  expectStatus(await call('POST', '/api/auth/login', { email, password }), 200);
  const me = expectStatus(await call('GET', '/api/auth/me'), 200);
  if (me.body.id !== id) throw new Complaint(`logged in as another customer: ${me.body.id}`);
  const left = visit.snapshot();
  expectStatus(await call('POST', '/api/auth/logout'), 204);
  // With the cookie from before the logout: an ended session must stay ended, on every replica.
  expectStatus(await shopper.send(operation, { method: 'GET', path: '/api/auth/me' }, left), 401);
};

/** Hashing the password takes long enough for a fault to strike during the call. */
const registerUnkeyed: Perform = async ({ shopper, operation }) => {
  const newcomer = new ShopClient(shopper.client.edge);
  const body = { email: `newcomer-${randomUUID()}@example.com`, password: randomUUID(), name: 'Noor' };
  const call = { method: 'POST', path: '/api/auth/register', body };
  expectStatus(await shopper.send(operation, call, newcomer), 201);
};

export const performances: Record<OperationKind, Perform> = {
  browse: async (turn) => void (await get(turn, '/api/products?limit=10&sort=price-asc')),
  search,
  product,
  who: async (turn) => {
    const { id } = await get(turn, '/api/auth/me');
    if (id !== turn.shopper.account.id) throw new Complaint(`logged in as another customer: ${id}`);
  },
  cart: putIntoCart,
  add: addToCart,
  'read-cart': readCart,
  order,
  'read-back': readBack,
  orders: listOrders,
  cancel,
  upload: uploadPicture,
  login: logInAndOut,
  unkeyed: registerUnkeyed,
};

function pick<T>(list: T[], fraction: number): T | undefined {
  return list[Math.min(list.length - 1, Math.floor(fraction * list.length))];
}
