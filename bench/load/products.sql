-- A hundred products to order. Their first stock is recorded in stock_changes, as for any product.
INSERT INTO products (id, slug, name, description, category, price_cents, stock, image_url, images)
SELECT gen_random_uuid(), 'bench-' || n, 'Bench ' || n, 'Ordered by the benchmark', (SELECT id FROM categories LIMIT 1),
       100 + n, 1000000, '/favicon.svg', '[]'
  FROM generate_series(1, 100) AS n ON CONFLICT DO NOTHING;
INSERT INTO stock_changes (id, product_id, delta, reason, stock_after)
SELECT gen_random_uuid(), id, stock, 'initial', stock FROM products p
 WHERE slug LIKE 'bench-%' AND NOT EXISTS (SELECT FROM stock_changes c WHERE c.product_id = p.id);
INSERT INTO customers (id, email, name, password_hash)
VALUES (gen_random_uuid(), 'bench@shop.example', 'Bench', 'no password has this hash') ON CONFLICT DO NOTHING;
