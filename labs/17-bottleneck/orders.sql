-- :count orders of :count / 20 customers, two lines each, and 500 products with a description of 8 kB. All tables but the one
-- that requests write are UNLOGGED: replicas do not get them, a crash empties them, and they load in seconds.
DROP SCHEMA IF EXISTS bottleneck CASCADE;
CREATE SCHEMA bottleneck;
CREATE TABLE bottleneck.views (customer_id int NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE UNLOGGED TABLE bottleneck.orders AS
  SELECT n AS id, n / 20 AS customer_id, timestamptz '2026-01-01' + n * interval '20 seconds' AS placed_at
  FROM generate_series(0, :count - 1) AS n;
CREATE UNLOGGED TABLE bottleneck.lines AS
  SELECT n / 2 AS order_id, n % 500 AS product_id, 1 + n % 3 AS quantity FROM generate_series(0, 2 * :count - 1) AS n;
CREATE UNLOGGED TABLE bottleneck.products AS
  SELECT n AS id, 'product ' || n AS name,
    (SELECT string_agg(md5(n::text || piece), '') FROM generate_series(1, 256) AS piece) AS description
  FROM generate_series(0, 499) AS n;
CREATE INDEX lines_of_order ON bottleneck.lines (order_id);
CREATE INDEX orders_of_customer ON bottleneck.orders (customer_id, placed_at DESC);
GRANT USAGE ON SCHEMA bottleneck TO shop_app;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA bottleneck TO shop_app;
ANALYZE bottleneck.orders, bottleneck.lines, bottleneck.products;
