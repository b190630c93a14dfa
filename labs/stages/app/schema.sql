-- The same text for SQLite, in the one box, and for Postgres.
CREATE TABLE IF NOT EXISTS products (id integer PRIMARY KEY, name text NOT NULL, cents integer NOT NULL);
CREATE TABLE IF NOT EXISTS customers (name text PRIMARY KEY);
CREATE TABLE IF NOT EXISTS orders (
  id text PRIMARY KEY,
  customer text NOT NULL REFERENCES customers (name),
  product integer NOT NULL REFERENCES products (id),
  confirmed integer NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS orders_of_customer ON orders (customer);
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 50)
INSERT INTO products SELECT n, 'Product ' || n, 100 * n FROM numbers WHERE true ON CONFLICT DO NOTHING;
