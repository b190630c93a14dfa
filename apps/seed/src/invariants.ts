import type pg from 'pg';

/** What must hold in the shop's database at any moment, as a query for the rows that break it. */
const invariants = {
  'stock is the sum of its changes': `
    SELECT id FROM products
    WHERE stock <> (SELECT coalesce(sum(delta), 0) FROM stock_changes WHERE product_id = products.id)`,
  'stock was never negative': 'SELECT id FROM stock_changes WHERE stock_after < 0',
  'the last change left the stock that is there': `
    SELECT id FROM products WHERE stock <> (
      SELECT stock_after FROM stock_changes WHERE product_id = products.id ORDER BY created_at DESC, id DESC LIMIT 1)`,
  'what came in is there or in orders that stand': `
    SELECT id FROM products WHERE stock
      + (SELECT coalesce(sum(quantity), 0) FROM order_lines JOIN orders ON orders.id = order_id
         WHERE product_id = products.id AND status IN ('placed', 'paid', 'shipped'))
      <> (SELECT coalesce(sum(delta), 0) FROM stock_changes WHERE product_id = products.id AND order_id IS NULL)`,
  'an order costs what its lines cost': `
    SELECT id FROM orders WHERE total_cents IS DISTINCT FROM
      (SELECT sum(unit_price_cents * quantity) FROM order_lines WHERE order_id = orders.id)`,
  'money was taken for what was paid or shipped, and for nothing else': `
    SELECT id FROM orders LEFT JOIN payments ON order_id = orders.id
    WHERE coalesce(captured_cents - refunded_cents, 0)
      <> CASE WHEN status IN ('paid', 'shipped') THEN total_cents ELSE 0 END`,
  'nobody ordered what was not on sale yet': `
    SELECT order_id FROM order_lines JOIN orders ON orders.id = order_id JOIN products ON products.id = product_id
    WHERE placed_at < created_at`,
};

/** @returns the invariants that do not hold, with how many rows break each; empty when all is well. */
export async function readInvariants(client: pg.Client): Promise<{ broken: string; rows: number }[]> {
  const found = [];
  for (const [broken, text] of Object.entries(invariants)) {
    const { rowCount } = await client.query(text);
    if (rowCount) found.push({ broken, rows: rowCount });
  }
  return found;
}
