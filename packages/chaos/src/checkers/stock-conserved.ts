import { databaseNodes, queryNode, quoted } from '../topology/topology.ts';
import type { Item } from '../workload/items.ts';
import { type Counts, looked, Objection } from './objection.ts';

const promise = 'stock is conserved';

/**
 * A product's numbers on one node: the remaining stock, the sum of all changes, and the quantity in orders that hold
 * stock.
 */
export type StockRow = { productId: string; stock: number; changes: number; held: number };

/** Promise 2: initial stock + changes = what remains + what is in orders that hold it; on every node. */
export async function stockIsConserved(items: Item[]): Promise<Counts> {
  for (const node of databaseNodes) judgeStock(node, items, await stockRows(node, items));
  return looked(promise, { products: items.length, nodes: databaseNodes.length });
}

export function judgeStock(node: string, items: Item[], rows: StockRow[]): void {
  for (const { id, slug, initialStock } of items) {
    const row = rows.find(({ productId }) => productId === id);
    const object = (what: string) => {
      throw new Objection(promise, `${slug} on ${node} ${what}: ${JSON.stringify({ initialStock, ...row })}`);
    };
    if (!row) object('is not there');
    else if (row.stock < 0) object('is below zero');
    else if (row.held > initialStock) object('is oversold');
    else if (row.stock !== row.changes) object('is not the sum of its changes');
    else if (row.stock + row.held !== initialStock) object('has more or less than it began with');
  }
}

async function stockRows(node: string, items: Item[]): Promise<StockRow[]> {
  const rows = await queryNode(
    node,
    `SELECT p.id, p.stock,
            (SELECT sum(delta) FROM stock_changes c WHERE c.product_id = p.id),
            (SELECT coalesce(sum(l.quantity), 0) FROM order_lines l JOIN orders o ON o.id = l.order_id
              WHERE l.product_id = p.id AND o.status IN ('placed', 'paid', 'shipped'))
       FROM products p WHERE p.id IN (${quoted(items.map(({ id }) => id))})`,
  );
  return rows.map(([productId = '', ...numbers]) => {
    const [stock = Number.NaN, changes = Number.NaN, held = Number.NaN] = numbers.map(Number);
    return { productId, stock, changes, held };
  });
}
