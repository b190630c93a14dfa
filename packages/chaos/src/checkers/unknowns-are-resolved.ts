import type { Run } from '../scenarios/run.ts';
import { sendPersistently } from '../workload/calls.ts';
import { type Counts, looked, Objection } from './objection.ts';

const promise = 'asking again with the same key settles every unknown outcome';

/**
 * An order without an answer either exists or does not: a request with the same key finds out which, or places it now.
 */
export async function unknownsAreResolved({ history, shoppers }: Run): Promise<Counts> {
  const orders = history.operations.filter(({ order }) => order);
  const unknown = orders.filter(({ outcome }) => outcome === 'unknown');
  for (const operation of unknown) {
    const { order } = operation;
    if (!order) continue;
    const { client } = shoppers.named(operation.session);
    const again = history.invoke({ kind: 'order', session: operation.session });
    const body = { items: [{ productId: order.productId, quantity: order.quantity }] };
    const call = { method: 'POST', path: '/api/orders', body, key: order.key };
    const reply = await sendPersistently(client, again, call);
    const refused = reply.status === 409 && reply.body.code === 'out-of-stock';
    if (reply.status !== 201 && !refused) {
      const what = `key ${order.key} is answered ${reply.status} ${JSON.stringify(reply.body)}`;
      throw new Objection(promise, what, history, [operation, again]);
    }
    if (refused) order.refused = true;
    else order.id = reply.body.id;
    operation.resolved = refused ? 'refused' : 'ok';
    history.write({ event: 'resolved', id: operation.id, resolved: operation.resolved, order });
  }
  return looked(promise, { orders: orders.length, unknown: unknown.length }, ['orders']);
}
