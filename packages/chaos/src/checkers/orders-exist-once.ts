import { databaseNodes, queryNode, quoted } from '../topology/topology.ts';
import type { History, Operation } from '../workload/history.ts';
import type { Item } from '../workload/items.ts';
import { looked, Objection } from './objection.ts';

export const ordersPromise = 'every acknowledged order exists exactly once, and no other order exists';

/** A line of an order on a database node, with the idempotency key that its customer sent, if it was stored. */
export type OrderLine = { orderId: string; productId: string; quantity: number; key: string };
export type LinesByNode = Record<string, OrderLine[]>;

/** Promise 1, on every database node. @returns how many acknowledged orders were checked. */
export async function everyAcknowledgedOrderExistsOnce(history: History, items: Item[]): Promise<number> {
  return judgeOrders(history, await orderLinesByNode(items));
}

/** Exactly one order for each 201; other orders belong to calls with an unknown outcome, at most one for each key. */
export function judgeOrders(history: History, linesByNode: LinesByNode): number {
  const [first] = orderFindings(history, linesByNode);
  if (first) throw new Objection(ordersPromise, first.what, history, first.about);
  const asked = history.operations.filter(({ order }) => order && !order.refused);
  const acknowledged = asked.filter(({ order }) => order?.id).length;
  const nodes = Object.keys(linesByNode).length;
  const counts = {
    'acknowledged orders': acknowledged,
    nodes,
    'without an answer': asked.length - acknowledged,
  };
  looked(ordersPromise, counts, ['acknowledged orders', 'nodes']);
  return acknowledged;
}

/** For a report: the operations whose orders are missing on a node, or exist there too often. */
export async function lostAndDoubled(history: History, items: Item[]) {
  const all = orderFindings(history, await orderLinesByNode(items));
  const operations = (kind: Finding['kind']) => [
    ...new Set(all.filter((finding) => finding.kind === kind).flatMap(({ about }) => about.slice(0, 1))),
  ];
  return { lost: operations('lost'), doubled: operations('doubled') };
}

/** An acknowledged order that is missing or changed (`lost`), or one that exists too often (`doubled`). */
export type Finding = { kind: 'lost' | 'doubled'; orderId: string; what: string; about: Operation[] };

/** Everything that is wrong with the orders of a history, on each node by itself. */
export function orderFindings(history: History, linesByNode: LinesByNode): Finding[] {
  const asked = history.operations.filter(({ order }) => order && !order.refused);
  const acknowledged = Map.groupBy(
    asked.filter(({ order }) => order?.id),
    ({ order }) => order?.id ?? '',
  );
  const doubtful = Map.groupBy(
    asked.filter(({ order }) => !order?.id),
    ({ order }) => order?.key ?? '',
  );
  const duplicates = [...acknowledged].filter(([, calls]) => calls.length > 1);
  const found: Finding[] = duplicates.map(([id, about]) => ({
    kind: 'lost',
    orderId: id,
    what: `two calls were given order ${id}`,
    about,
  }));
  for (const [node, lines] of Object.entries(linesByNode)) {
    const byOrder = Map.groupBy(lines, ({ orderId }) => orderId);
    for (const [id, calls] of acknowledged) {
      const there = byOrder.get(id) ?? [];
      if (isAsOrdered(calls[0], there)) continue;
      const how = there.length === 0 ? 'is not there' : `is there as ${JSON.stringify(there)}`;
      const what = `acknowledged order ${id} on ${node} ${how}`;
      found.push({ kind: 'lost', orderId: id, what, about: calls });
    }
    const keys = new Set<string>();
    for (const [id, [line]] of byOrder) {
      if (!line || acknowledged.has(id)) continue;
      const asking = doubtful.get(line.key);
      if (!asking || keys.has(line.key)) {
        const what = asking ? 'is the second one of its key' : 'answers no call of the history';
        const about = asking ?? asked.filter(({ order }) => order?.productId === line.productId);
        found.push({
          kind: 'doubled',
          orderId: id,
          what: `order ${id} on ${node} ${what}: ${JSON.stringify(line)}`,
          about,
        });
      }
      keys.add(line.key);
    }
  }
  return found;
}

function isAsOrdered(call: Operation | undefined, lines: OrderLine[]): boolean {
  const [line] = lines;
  const { productId, quantity } = call?.order ?? {};
  return lines.length === 1 && line?.productId === productId && line?.quantity === quantity;
}

/** What each node has of the orders of these products; of all nodes by default. @throws when one does not answer. */
export async function orderLinesByNode(
  items: Item[],
  nodes: readonly string[] = databaseNodes,
): Promise<LinesByNode> {
  const lines = nodes.map(async (node) => [node, await orderLines(node, items)] as const);
  return Object.fromEntries(await Promise.all(lines));
}

async function orderLines(node: string, items: Item[]): Promise<OrderLine[]> {
  const rows = await queryNode(
    node,
    `SELECT o.id, l.product_id, l.quantity, k.key
       FROM order_lines l JOIN orders o ON o.id = l.order_id
       LEFT JOIN idempotency_keys k ON k.route = 'POST /api/orders' AND k.response LIKE '%' || o.id || '%'
         AND k.owner = 'customer:' || o.customer_id
      WHERE l.product_id IN (${quoted(items.map(({ id }) => id))})`,
  );
  return rows.map(([orderId = '', productId = '', quantity, key = '']) => ({
    orderId,
    productId,
    quantity: Number(quantity),
    key,
  }));
}
