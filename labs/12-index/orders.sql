-- A table of orders like the shop's, in a schema of the lab's own, without indexes and foreign keys. It is UNLOGGED: replicas
-- do not get it, a crash empties it, and it loads in seconds. :count orders of :count / 20 customers.
DROP SCHEMA IF EXISTS lab CASCADE;
CREATE SCHEMA lab;
CREATE UNLOGGED TABLE lab.orders (LIKE public.orders);
INSERT INTO lab.orders (id, number, customer_id, status, total_cents, placed_at, updated_at)
SELECT gen_random_uuid(), n::text, md5((n % (:count / 20))::text)::uuid, 'paid', 1 + n % 9999, at, at
FROM (SELECT n, timestamptz '2026-01-01' + n * interval '20 seconds' AS at FROM generate_series(1, :count) AS n) AS made;
ANALYZE lab.orders;
