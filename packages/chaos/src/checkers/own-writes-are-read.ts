import type { History, Operation } from '../workload/history.ts';
import type { Item } from '../workload/items.ts';
import { type Counts, looked, Objection } from './objection.ts';

const promise = 'a session reads its own writes';

/**
 * An attempt that was given up, by the client or by an edge, may still be carried out this much later: an edge asks
 * replicas for up to 18 s.
 */
const lingersMs = 20_000;

/** Promise 4: what was acknowledged before a read began, that read of the same session has seen. */
export function ownWritesAreRead(history: History, items: Item[]): Counts {
  const counts = { 'orders read': 0, 'pages of orders': 0, carts: 0, 'stock levels': 0 };
  for (const own of Map.groupBy(history.operations, ({ session }) => session).values()) {
    for (const read of own) {
      if (judgeOrder(history, own, read)) counts['orders read'] += 1;
      if (judgePage(history, own, read)) counts['pages of orders'] += 1;
      if (judgeCart(history, own, read)) counts.carts += 1;
      if (judgeStock(history, own, read, items)) counts['stock levels'] += 1;
    }
  }
  return looked(promise, counts);
}

const acknowledged = (own: Operation[], read: Operation) =>
  own.filter(({ outcome, endedAt }) => outcome === 'ok' && endedAt < read.startedAt);

function judgeOrder(history: History, own: Operation[], read: Operation): boolean {
  const { lookedFor } = read;
  if (!lookedFor || !(read.saw || read.status === 404)) return false;
  const ordered = own.find(({ order }) => order?.id === lookedFor);
  const cancelled = acknowledged(own, read).find(({ cancelledId }) => cancelledId === lookedFor);
  const status = read.saw?.orders?.find(({ id }) => id === lookedFor)?.status;
  const about = [ordered, cancelled, read].filter((operation) => operation !== undefined);
  if (!status) throw new Objection(promise, `order ${lookedFor} was not found`, history, about);
  if (cancelled && status !== 'cancelled') {
    throw new Objection(
      promise,
      `order ${lookedFor} was cancelled and is shown as ${status}`,
      history,
      about,
    );
  }
  return true;
}

/**
 * A page of the newest holds every acknowledged order that was placed after its last line. Ids do not say so: of two
 * orders at once, the one that began first may wait for a lock and get the later id.
 */
function judgePage(history: History, own: Operation[], read: Operation): boolean {
  const page = read.saw?.page;
  if (!page) return false;
  const listed = new Map(page.orders.map(({ id, status }) => [id, status]));
  const oldest = page.orders.at(-1)?.placedAt ?? '';
  for (const write of acknowledged(own, read)) {
    const { id, placedAt = '' } = write.order ?? {};
    if (id && (page.isLast || placedAt > oldest) && !listed.has(id)) {
      throw new Objection(promise, `order ${id} is missing from the list`, history, [write, read]);
    }
    const status = listed.get(write.cancelledId ?? '');
    if (status && status !== 'cancelled') {
      const what = `order ${write.cancelledId} was cancelled and is listed as ${status}`;
      throw new Objection(promise, what, history, [write, read]);
    }
  }
  return true;
}

/** Writes may overlap, so several quantities may be right: those that no later acknowledged write has replaced. */
function judgeCart(history: History, own: Operation[], read: Operation): boolean {
  const cart = read.saw?.cart;
  if (!cart) return false;
  const writes = own.filter((write) => write.cart && write.startedAt <= read.endedAt);
  for (const [productId, ofProduct] of Map.groupBy(writes, (write) => write.cart?.productId ?? '')) {
    const done = acknowledged(ofProduct, read);
    const current = ofProduct.filter(
      (write) => !done.some((later) => later.startedAt > effectiveUntil(write)),
    );
    const right = new Set(current.map((write) => write.cart?.quantity));
    if (done.length === 0) right.add(undefined);
    if (!right.has(cart[productId])) {
      const wanted = [...right].map((quantity) => quantity ?? 'none').join(' or ');
      const what = `the cart has ${cart[productId] ?? 'none'} of ${productId}, not ${wanted}`;
      throw new Objection(promise, what, history, [...ofProduct, read]);
    }
  }
  return true;
}

function effectiveUntil({ outcome, retries, endedAt }: Operation): number {
  return outcome === 'ok' && retries === 0 ? endedAt : endedAt + lingersMs;
}

/** There cannot be more left than what was there minus what this session has bought; others only take more. */
function judgeStock(history: History, own: Operation[], read: Operation, items: Item[]): boolean {
  const seen = read.saw?.stock;
  const item = items.find(({ id }) => id === seen?.productId);
  if (!seen || !item) return false;
  const given = new Set(
    own.filter(({ startedAt }) => startedAt <= read.endedAt).map(({ cancelledId }) => cancelledId),
  );
  const bought = acknowledged(own, read).filter(
    ({ order }) => order?.id && order.productId === item.id && !given.has(order.id),
  );
  const most = bought.reduce((left, { order }) => left - (order?.quantity ?? 0), item.initialStock);
  if (seen.stock > most) {
    const what = `${item.slug} shows ${seen.stock} in stock, at most ${most} can be left`;
    throw new Objection(promise, what, history, [...bought, read]);
  }
  return bought.length > 0;
}
