-- No query needs these indexes. Dropping one takes a moment, and the migrator waits at most half a second for its lock.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX IF EXISTS "orders_customer_id_id_index";--> statement-breakpoint
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX IF EXISTS "orders_status_id_index";--> statement-breakpoint
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX IF EXISTS "stock_changes_order_id_index";
