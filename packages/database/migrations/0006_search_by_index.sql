-- The migrator has built these indexes CONCURRENTLY when this runs (migrate.ts): here they are only written down.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX IF NOT EXISTS "product_search_category_name_key_product_id_index" ON "product_search" USING btree ("category","name_key","product_id");--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX IF NOT EXISTS "product_search_category_created_at_product_id_index" ON "product_search" USING btree ("category","created_at","product_id");--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX IF NOT EXISTS "products_slug_index" ON "products" USING gin ("slug" public.gin_trgm_ops) WITH (fastupdate=false);
