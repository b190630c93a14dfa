import { maxQuantity } from '@shop/contracts/values.ts';
import type { History, Operation } from '../workload/history.ts';
import type { Item } from '../workload/items.ts';
import { isLinearizable, type SharedCall } from './linearizable.ts';
import { type Counts, looked, Objection } from './objection.ts';

export const ownWritesPromise = 'a session reads its own writes';

/**
 * When a client or an edge has given up an attempt, a replica may still execute it up to this much later: an edge asks
 * replicas for up to 18 s.
 */
const lingersMs = 20_000;

/** Promise 4: a read sees everything of its session that was acknowledged before the read began. */
export function ownWritesAreRead(history: History, items: Item[]): Counts {
  const { counts, stale } = staleReads(history, items);
  if (stale[0]) throw stale[0];
  return looked(ownWritesPromise, counts);
}

/** What the sessions read, counted, and an objection to each stale read; to the first of a session's carts alone. */
export function staleReads(history: History, items: Item[]): { counts: Counts; stale: Objection[] } {
  const counts = { 'orders read': 0, 'pages of orders': 0, carts: 0, 'stock levels': 0 };
  const stale: Objection[] = [];
  const count = (what: keyof typeof counts, judge: () => number | boolean) => {
    try {
      counts[what] += Number(judge());
    } catch (error) {
      if (!(error instanceof Objection)) throw error;
      stale.push(error);
    }
  };
  for (const own of Map.groupBy(history.operations, ({ session }) => session).values()) {
    count('carts', () => judgeCarts(history, own));
    for (const read of own) {
      count('orders read', () => judgeOrder(history, own, read));
      count('pages of orders', () => judgePage(history, own, read));
      count('stock levels', () => judgeStock(history, own, read, items));
    }
  }
  return { counts, stale };
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
  if (!status) throw new Objection(ownWritesPromise, `order ${lookedFor} was not found`, history, about);
  if (cancelled && status !== 'cancelled') {
    throw new Objection(
      ownWritesPromise,
      `order ${lookedFor} was cancelled and is shown as ${status}`,
      history,
      about,
    );
  }
  return true;
}

/**
 * A page of the newest orders has every acknowledged order that was placed after its last line. Times decide and not
 * ids: of two orders at once, the one that began first may wait for a lock, and then has the earlier time and the
 * later id.
 */
function judgePage(history: History, own: Operation[], read: Operation): boolean {
  const page = read.saw?.page;
  if (!page) return false;
  const listed = new Map(page.orders.map(({ id, status }) => [id, status]));
  const oldest = page.orders.at(-1)?.placedAt ?? '';
  for (const write of acknowledged(own, read)) {
    const { id, placedAt = '' } = write.order ?? {};
    if (id && (page.isLast || placedAt > oldest) && !listed.has(id)) {
      throw new Objection(ownWritesPromise, `order ${id} is missing from the list`, history, [write, read]);
    }
    const status = listed.get(write.cancelledId ?? '');
    if (status && status !== 'cancelled') {
      const what = `order ${write.cancelledId} was cancelled and is listed as ${status}`;
      throw new Objection(ownWritesPromise, what, history, [write, read]);
    }
  }
  return true;
}

/** For each product in a cart there must be an order of the session's changes that explains what its reads saw. */
function judgeCarts(history: History, own: Operation[]): number {
  const reads = own.filter(({ saw }) => saw?.cart).sort((a, b) => a.endedAt - b.endedAt);
  const changes = own.filter(({ cart, added }) => cart ?? added);
  for (const [productId, ofProduct] of Map.groupBy(
    changes,
    ({ cart, added }) => (cart ?? added)!.productId,
  )) {
    const quantityIn = ({ saw }: Operation) => saw?.cart?.[productId] ?? 0;
    const isExplained = (seen: Operation[]) => {
      const asCall = (read: Operation): SharedCall<number> => ({
        startedAt: read.startedAt,
        endedAt: read.endedAt,
        isOptional: false,
        apply: (quantity) => (quantity === quantityIn(read) ? quantity : undefined),
      });
      return isLinearizable([...ofProduct.flatMap(callsOf), ...seen.map(asCall)], 0);
    };
    if (isExplained(reads)) continue;
    const contradiction = reads.findIndex((_, index) => !isExplained(reads.slice(0, index + 1)));
    const about = [...ofProduct, ...reads.slice(0, contradiction + 1)];
    const what = `the cart has ${quantityIn(about.at(-1)!)} of ${productId}, which no order of its changes explains`;
    throw new Objection(ownWritesPromise, what, history, about);
  }
  return changes.length > 0 ? reads.length : 0;
}

/** When a change of a cart may have happened: once, or a second time if an attempt was given up. */
function callsOf({ outcome, retries, startedAt, endedAt, cart, added }: Operation): SharedCall<number>[] {
  const apply = added
    ? (quantity: number) => Math.min(quantity + added.quantity, maxQuantity)
    : () => cart?.quantity ?? 0;
  const call = { startedAt, endedAt, isOptional: false, apply };
  const perhapsLater = { ...call, endedAt: endedAt + lingersMs, isOptional: true };
  if (outcome === 'ok') return retries > 0 && cart ? [call, perhapsLater] : [call];
  return outcome === 'failed' && retries === 0 ? [] : [perhapsLater];
}

/** The stock cannot be larger than it was, minus what this session has bought; others only take more. */
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
    throw new Objection(ownWritesPromise, what, history, [...bought, read]);
  }
  return bought.length > 0;
}
