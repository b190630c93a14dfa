import { randomUUID } from 'node:crypto';
import type { ShopClient } from '@shop/shop-client/shop-client.ts';
import { databaseNodes, queryNode, quoted } from '../topology/topology.ts';
import type { Item } from '../workload/items.ts';
import { looked, Objection } from './objection.ts';

/** A delivery that was booked by a POST without a key; `mark` names it in the product's list of stock changes. */
export type Delivery = { mark: string; acknowledged: boolean };

/** One attempt on one edge: without a key nothing may try again. */
export async function bookDelivery(admin: ShopClient, item: Item): Promise<Delivery> {
  const mark = `delivery ${randomUUID()}`;
  const path = `/api/admin/products/${item.id}/stock`;
  const reply = await admin.post(path, { body: { delta: 1, reason: mark } }).catch(() => undefined);
  return { mark, acknowledged: reply?.status === 200 };
}

const promise = 'what has no key is done at most once';

/** A delivery that may be sent only once happened at most once, and exactly once if it was answered. */
export async function noDeliveryIsBookedTwice(deliveries: Delivery[]): Promise<void> {
  for (const node of databaseNodes) {
    const rows = await queryNode(
      node,
      `SELECT reason, count(*) FROM stock_changes
        WHERE reason IN (${quoted(deliveries.map(({ mark }) => mark))}) GROUP BY reason`,
    );
    judgeDeliveries(node, deliveries, new Map(rows.map(([mark = '', count]) => [mark, Number(count)])));
  }
  looked(promise, { deliveries: deliveries.length });
}

export function judgeDeliveries(node: string, deliveries: Delivery[], booked: Map<string, number>): void {
  for (const { mark, acknowledged } of deliveries) {
    const times = booked.get(mark) ?? 0;
    if (times > 1) throw new Objection(promise, `${mark} is booked ${times} times on ${node}`);
    if (times === 0 && acknowledged) throw new Objection(promise, `${mark} is lost on ${node}`);
  }
}
