-- The migrator has built these indexes CONCURRENTLY when this runs (migrate.ts): here they are only written down.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX IF NOT EXISTS "orders_customer_id_placed_at_id_index" ON "orders" USING btree ("customer_id","placed_at","id");--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX IF NOT EXISTS "orders_status_placed_at_id_index" ON "orders" USING btree ("status","placed_at","id");--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX IF NOT EXISTS "orders_placed_at_id_index" ON "orders" USING btree ("placed_at","id");--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX IF NOT EXISTS "uploads_status_created_at_id_index" ON "uploads" USING btree ("status","created_at","id");--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX IF NOT EXISTS "uploads_created_at_id_index" ON "uploads" USING btree ("created_at","id");