-- The statements of one order, as the API sends them: key, lock, order, line, stock, outbox, answer, commit.
\set product random(1, 100)
\set key random(1, 9000000000000)
BEGIN;
INSERT INTO idempotency_keys (owner, route, key, body_hash) VALUES ('bench', 'POST /api/orders', :key::text, 'hash') ON CONFLICT DO NOTHING;
SELECT id AS product_id, price_cents FROM products WHERE slug LIKE 'bench-%' ORDER BY slug OFFSET :product - 1 LIMIT 1 FOR NO KEY UPDATE \gset
INSERT INTO orders (id, customer_id, total_cents) VALUES (gen_random_uuid(), (SELECT id FROM customers WHERE email = 'bench@shop.example'), :price_cents) RETURNING id AS order_id \gset
INSERT INTO order_lines (order_id, position, product_id, slug, name, unit_price_cents, quantity) SELECT ':order_id', 1, id, slug, name, price_cents, 1 FROM products WHERE id = ':product_id';
WITH changed AS (UPDATE products SET stock = stock - 1 WHERE id = ':product_id' AND stock > 0 RETURNING id, stock) INSERT INTO stock_changes (id, product_id, delta, reason, order_id, stock_after) SELECT gen_random_uuid(), id, -1, 'order', ':order_id', stock FROM changed;
INSERT INTO outbox (id, topic, order_id, payload, claimed_at, done_at) VALUES (gen_random_uuid(), 'payment.capture', ':order_id', '{}', now(), now()), (gen_random_uuid(), 'mail.order-confirmation', ':order_id', '{}', now(), now());
UPDATE idempotency_keys SET status = 201, response = repeat('x', 600) WHERE owner = 'bench' AND route = 'POST /api/orders' AND key = :key::text;
COMMIT;
