-- Products that were there before product_search: in the order of time, so that neighbours in the list of the newest are
-- neighbours on disk. A row that the trigger has written meanwhile is newer and stays.
INSERT INTO product_search
SELECT made.* FROM (
  SELECT products FROM products
  WHERE NOT EXISTS (SELECT FROM product_search WHERE product_id = products.id)
  ORDER BY created_at, id LIMIT 500
) AS missing, product_search_row(missing.products) AS made
ON CONFLICT DO NOTHING;
