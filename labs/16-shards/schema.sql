-- Each shard has these tables. A bucket is a 64th of the customers, and belongs to one shard at a time: the table
-- `owned_buckets` of a shard says which ones are its own.
CREATE TABLE IF NOT EXISTS owned_buckets (bucket integer PRIMARY KEY);

CREATE TABLE IF NOT EXISTS customers (
  id uuid PRIMARY KEY,
  -- Unique on this shard. Nothing compares it with those of the other shards.
  email text NOT NULL UNIQUE
);

CREATE TABLE IF NOT EXISTS orders (
  id uuid PRIMARY KEY,
  bucket integer NOT NULL,
  customer_id uuid NOT NULL,
  product integer NOT NULL,
  quantity integer NOT NULL
);
CREATE INDEX IF NOT EXISTS orders_of_customer ON orders (customer_id, id);
CREATE INDEX IF NOT EXISTS orders_of_bucket ON orders (bucket, id);

TRUNCATE owned_buckets, customers, orders;
