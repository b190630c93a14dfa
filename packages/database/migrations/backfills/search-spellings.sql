-- Rows of product_search from before migration 0007, made again in the order of the ids. The lock keeps a product's text
-- as it was read; the batch is small because an order of one of these products waits for its end.
WITH turn AS (
  SELECT "after" FROM search_refreshes WHERE migration = '0007_search_spellings' FOR UPDATE
), batch AS MATERIALIZED (
  SELECT products AS product FROM products WHERE id > (SELECT "after" FROM turn) ORDER BY id LIMIT 100
  FOR NO KEY UPDATE
), refreshed AS (
  UPDATE product_search SET name_key = made.name_key, words = made.words
  FROM batch, product_search_row(batch.product) AS made
  WHERE product_search.product_id = made.product_id
    AND (product_search.name_key, product_search.words) IS DISTINCT FROM (made.name_key, made.words)
)
UPDATE search_refreshes SET "after" = last.id
FROM (SELECT (product).id FROM batch ORDER BY id DESC LIMIT 1) AS last
WHERE migration = '0007_search_spellings';
