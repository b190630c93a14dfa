-- :count more products to search among, derived from the catalogue's: a colour before the name, a maker and a number after it.
-- Triggers and indexes are off meanwhile, so a million products take minutes and not an hour. The script writes the rows that
-- the triggers would write; the last statement fails if a row differs.
SET maintenance_work_mem = '128MB';
SELECT setseed(0.5);
CREATE TEMP TABLE bases AS
SELECT row_number() OVER (ORDER BY adjective, slug) AS number, adjective || ' ' || name || ',' AS name, description, category,
  price_cents, image_url, images,
  search_key(adjective || ' ' || name) AS key,
  search_vector(adjective || ' ' || name || ',', 'A') AS words,
  search_vector(category, 'B') || search_vector(description, 'C') AS rest
FROM products, string_to_table('Amber Arctic Ash Birch Black Blue Bronze Cedar Coastal Copper Crimson Dusty Fine Forest '
  'Golden Grand Green Grey Harvest Ivory Large Light Little Maple Midnight Northern Olive Plain Red Royal Rustic Silver '
  'Simple Small Spring White', ' ') AS adjective
-- In a name with another spelling, such as "160 × 200", the words behind it have two places; put together here, they have one.
WHERE search_respelled(name) IS NULL;
CREATE TEMP TABLE makers AS
SELECT row_number() OVER (ORDER BY a, b, c) AS number, initcap(a || b || c) AS name, search_key(a || b || c) AS key,
  search_vector(a || b || c, 'A') AS words
FROM unnest('{al,be,cor,da,el,fen,gra,hol,is,ju,kel,lo,mar,no,os,pa,qui}'::text[]) AS a,
  unnest('{ba,den,fi,gor,hu,ka,lin,mo,ne,po,ra,sta,ti,va,wen,xi,zo}'::text[]) AS b,
  unnest('{berg,cke,dahl,ford,holm,ini,kov,lund,mann,nen,quist,ri,sen,ström,ton,vik,witz}'::text[]) AS c;
CREATE TEMP TABLE made AS
SELECT gen_random_uuid() AS id, n, 1 + floor(random() * (SELECT count(*) FROM bases))::int AS base,
  1 + floor(random() * (SELECT count(*) FROM makers))::int AS maker,
  timestamptz '2024-06-01' + n * interval '1 minute' AS created_at
FROM generate_series(1, :count) AS n;
ANALYZE bases, makers, made;

CREATE TEMP TABLE paused AS
SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
WHERE indrelid IN ('products'::regclass, 'product_search'::regclass) AND NOT indisunique;
SELECT format('DROP INDEX %s', name) FROM paused \gexec
ALTER TABLE products DISABLE TRIGGER products_search;
ALTER TABLE product_search DISABLE TRIGGER product_search_words;
INSERT INTO products (id, slug, name, description, category, price_cents, stock, image_url, images, created_at)
SELECT id, 'search-' || n, b.name || ' ' || m.name || ' No. ' || n, description, category, price_cents + n % 500, 100,
  image_url, images, created_at
FROM made JOIN bases AS b ON b.number = base JOIN makers AS m ON m.number = maker ORDER BY n;
INSERT INTO product_search (product_id, name, name_key, category, active, created_at, words)
SELECT id, b.name || ' ' || m.name || ' No. ' || n, concat_ws(' ', b.key, m.key, 'no', n), category, true, created_at,
  b.words || m.words || '''no'':1A'::tsvector || format('''%s'':1A', n)::tsvector || rest
FROM made JOIN bases AS b ON b.number = base JOIN makers AS m ON m.number = maker ORDER BY n;
INSERT INTO search_words
SELECT key FROM makers UNION SELECT search_key(split_part(name, ' ', 1)) FROM bases ON CONFLICT DO NOTHING;
ALTER TABLE products ENABLE TRIGGER products_search;
ALTER TABLE product_search ENABLE TRIGGER product_search_words;
-- No search of this release reads the index of products.search; a contract step will drop it.
SELECT definition FROM paused WHERE name <> 'products_search_index' \gexec
VACUUM ANALYZE products, product_search, search_words;

SELECT 1 / (count(*) = 0)::int AS as_the_triggers_write
FROM (SELECT products FROM products WHERE slug LIKE 'search-%' LIMIT 2000) AS sample,
  product_search_row(sample.products) AS made JOIN product_search AS loaded USING (product_id)
WHERE made IS DISTINCT FROM loaded;
