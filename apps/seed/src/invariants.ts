import type pg from 'pg';

/** Rules that always hold in the shop's database, each as a query for the rows that break it. */
const invariants = {
  'stock is the sum of its changes': `
    SELECT id FROM products
    WHERE stock <> (SELECT coalesce(sum(delta), 0) FROM stock_changes WHERE product_id = products.id)`,
  'stock was never negative': 'SELECT id FROM stock_changes WHERE stock_after < 0',
  'the last change left the present stock': `
    SELECT id FROM products WHERE stock <> (
      SELECT stock_after FROM stock_changes WHERE product_id = products.id ORDER BY created_at DESC, id DESC LIMIT 1)`,
  'what came in is in stock or in orders that are not cancelled': `
    SELECT id FROM products WHERE stock
      + (SELECT coalesce(sum(quantity), 0) FROM order_lines JOIN orders ON orders.id = order_id
         WHERE product_id = products.id AND status IN ('placed', 'paid', 'shipped'))
      <> (SELECT coalesce(sum(delta), 0) FROM stock_changes WHERE product_id = products.id AND order_id IS NULL)`,
  'an order costs what its lines cost': `
    SELECT id FROM orders WHERE total_cents IS DISTINCT FROM
      (SELECT sum(unit_price_cents * quantity) FROM order_lines WHERE order_id = orders.id)`,
  'money was taken for paid and shipped orders, and for no others': `
    SELECT id FROM orders LEFT JOIN payments ON order_id = orders.id
    WHERE coalesce(captured_cents - refunded_cents, 0)
      <> CASE WHEN status IN ('paid', 'shipped') THEN total_cents ELSE 0 END`,
  'no order is older than its products': `
    SELECT order_id FROM order_lines JOIN orders ON orders.id = order_id JOIN products ON products.id = product_id
    WHERE placed_at < created_at`,
};

/** @returns the rules that do not hold, each with the number of rows that break it; empty when all hold. */
export async function readInvariants(client: pg.Client): Promise<{ broken: string; rows: number }[]> {
  const found = [];
  for (const [broken, text] of Object.entries(invariants)) {
    const { rowCount } = await client.query(text);
    if (rowCount) found.push({ broken, rows: rowCount });
  }
  return found;
}
