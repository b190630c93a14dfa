CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch WITH SCHEMA public;--> statement-breakpoint
-- Names in the order of people: accents and case decide last, digits count as numbers. Deterministic: two names are
-- equal only when their bytes are.
CREATE COLLATION people (provider = icu, locale = 'en-u-kn');--> statement-breakpoint
-- One spelling for all that people take for the same: compatibility forms, accents, marks that cannot be seen, case,
-- final sigma, and the digits of other scripts. unaccent is declared STABLE because its rules are a file; that file
-- comes with the server's package.
CREATE FUNCTION search_fold(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF octet_length(value) = length(value) THEN RETURN lower(value); END IF;
  value := regexp_replace(
    normalize(translate(value, '™®©℠', ''), NFKD),
    '[\u0300-\u036F\u0483-\u0487\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u064B-\u065F\u0670\u06D6-\u06ED\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFE00-\uFE0F\uFEFF\U0001F3FB-\U0001F3FF\U000E0000-\U000E01EF]+',
    '', 'g');
  value := lower(public.unaccent('public.unaccent'::regdictionary, value));
  IF octet_length(value) = length(value) THEN RETURN value; END IF;
  RETURN normalize(translate(value,
    'ς٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯๐๑๒๓๔๕๖๗๘๙',
    'σ01234567890123456789012345678901234567890123456789'), NFC);
END $$;--> statement-breakpoint
-- The folded text as chunks (a space between them), pieces of a chunk (\x02 in the place of punctuation) and atoms of a
-- piece (\x01 between letters and digits, and around each symbol and each sign of a script that has no spaces). A comma
-- or full stop between digits belongs to the number. A text of nothing but punctuation is one atom.
CREATE FUNCTION search_marked(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  folded text := regexp_replace(search_fold(value), '[[:space:][:cntrl:]]+', ' ', 'g');
  marked text := regexp_replace(folded, '(\d)[.,](?=\d)', E'\\1\x03', 'g');
BEGIN
  IF octet_length(marked) = length(marked) THEN
    marked := regexp_replace(marked, '[^a-z0-9 \x03]+', E'\x02', 'g');
  ELSE
    marked := regexp_replace(marked, '[^[:alnum:] \x03\u094D\u09CD\u0A4D\u0ACD\u0B4D\u0BCD\u0C4D\u0CCD\u0D4D\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u2190-\u2BFF\u3005-\u3007\u3040-\u30FF\U0001F000-\U0001FAFF]+', E'\x02', 'g');
    marked := regexp_replace(marked, '([\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u2190-\u2BFF\u3005-\u3007\u3040-\u30FF\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\U0001F000-\U0001FAFF\U00020000-\U0003FFFF])', E'\x01\\1\x01', 'g');
  END IF;
  marked := regexp_replace(marked, '([[:alpha:]])(?=\d)|(\d)(?=[[:alpha:]])', E'\\1\\2\x01', 'g');
  IF translate(marked, E' \x01\x02', '') = '' THEN RETURN left(replace(folded, ' ', ''), 64); END IF;
  RETURN translate(marked, E'\x03', '.');
END $$;--> statement-breakpoint
CREATE FUNCTION search_atoms(value text) RETURNS TABLE (chunk bigint, piece bigint, atom bigint, word text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT c.place, p.place, a.place, left(a.text, 64)
  FROM string_to_table(search_marked(value), ' ') WITH ORDINALITY AS c (text, place),
    string_to_table(c.text, E'\x02') WITH ORDINALITY AS p (text, place),
    string_to_table(p.text, E'\x01') WITH ORDINALITY AS a (text, place)
  WHERE a.text <> '';
END;--> statement-breakpoint
CREATE FUNCTION search_quote(word text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '''' || replace(replace(word, '\', '\\'), '''', '''''') || '''';--> statement-breakpoint
-- What an English word is reduced to ("berries": "berri"); {} for a stop word, null for what is no English word.
CREATE FUNCTION search_stem(word text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN word ~ '^[a-z]+$' THEN ts_lexize('pg_catalog.english_stem', word) END;--> statement-breakpoint
-- The atoms of a text with their places, and what else finds them: their stems; for several atoms of one chunk their
-- whole ("t-shirt": also "tshirt"); for grouped thousands the bare number ("1,000": also "1000").
CREATE FUNCTION search_vector(value text, weight "char") RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN (
    WITH placed AS MATERIALIZED (
      SELECT row_number() OVER (ORDER BY chunk, piece, atom) AS place, chunk, word FROM search_atoms(value)
    ), words AS (
      SELECT place, word FROM placed
      UNION ALL
      SELECT min(place), left(string_agg(word, '' ORDER BY place), 64) FROM placed
      GROUP BY chunk HAVING count(*) > 1 AND NOT bool_and(word ~ '^\d')
      UNION ALL
      SELECT place, replace(word, '.', '') FROM placed WHERE word ~ '^\d{1,3}(\.\d{3})+$'
    )
    SELECT setweight(coalesce(string_agg(concat(search_quote(lexeme), ':', least(place, 16383)), ' '), '')::tsvector,
      weight)
    FROM words, unnest(word || search_stem(word)) AS lexeme
  );
END $$;--> statement-breakpoint
-- The words of a name with one space between them: what the beginning of a name is compared with.
CREATE FUNCTION search_key(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN left(trim(BOTH ' ' FROM regexp_replace(search_marked(value), E'[ \x01\x02]+', ' ', 'g')), 200);
END $$;--> statement-breakpoint
-- What finds the products that hold all the words of a text, each as a beginning or in another form; made of the same
-- atoms as the other side. Stop words count only where there is nothing else. At most 12 chunks and 24 atoms: each costs
-- a look-up. An empty query for a text without a word.
CREATE FUNCTION search_query(value text) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN (
    WITH atoms AS MATERIALIZED (
      SELECT *, lead(word) OVER (PARTITION BY chunk, piece ORDER BY atom) IS NULL AS last,
        coalesce(search_stem(word) = '{}', false) AS stop
      FROM search_atoms(value) WHERE chunk <= 12 ORDER BY chunk, piece, atom LIMIT 24
    ), pieces AS (
      SELECT chunk, piece, bool_and(stop) AS stop, concat('(', string_agg(
        CASE WHEN NOT last THEN search_quote(word) ELSE concat('(', search_quote(word), ':*', (
          SELECT string_agg('|' || search_quote(stem), '') FROM unnest(search_stem(word)) AS stem
        ), ')') END,
        '<->' ORDER BY atom), ')') AS query
      FROM atoms GROUP BY chunk, piece
    ), wholes AS (
      SELECT chunk, '|' || search_quote(left(string_agg(word, '' ORDER BY piece, atom), 64)) || ':*' AS query
      FROM atoms GROUP BY chunk HAVING count(*) > 1 AND NOT bool_and(word ~ '^\d')
      UNION ALL
      SELECT chunk, '|' || search_quote(replace(word, '.', '')) || ':*' FROM atoms WHERE word ~ '^\d{1,3}(\.\d{3})+$'
    ), chunks AS (
      SELECT chunk, bool_and(stop) AS stop, concat('((', string_agg(query, '&' ORDER BY piece), ')', (
        SELECT string_agg(wholes.query, '') FROM wholes WHERE wholes.chunk = pieces.chunk
      ), ')') AS query
      FROM pieces GROUP BY chunk
    )
    SELECT coalesce(string_agg(query, '&' ORDER BY chunk), '')::tsquery FROM chunks
    WHERE NOT stop OR (SELECT bool_and(stop) FROM chunks)
  );
END $$;--> statement-breakpoint
CREATE TABLE "product_search" (
	"product_id" uuid PRIMARY KEY NOT NULL,
	"name" text COLLATE people NOT NULL,
	"name_key" text NOT NULL,
	"category" text NOT NULL,
	"active" boolean NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"words" "tsvector" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "search_words" (
	"word" text PRIMARY KEY NOT NULL
);
--> statement-breakpoint
ALTER TABLE "products" ALTER COLUMN "rating_sort" DROP EXPRESSION;--> statement-breakpoint
ALTER TABLE "products" ALTER COLUMN "rating_sort" SET DEFAULT -1;--> statement-breakpoint
ALTER TABLE "product_search" ADD CONSTRAINT "product_search_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "product_search_words_index" ON "product_search" USING gin ("words") WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "product_search_name_key_product_id_index" ON "product_search" USING btree ("name_key","product_id");--> statement-breakpoint
CREATE INDEX "product_search_name_product_id_index" ON "product_search" USING btree ("name","product_id");--> statement-breakpoint
CREATE INDEX "product_search_created_at_product_id_index" ON "product_search" USING btree ("created_at","product_id");--> statement-breakpoint
CREATE INDEX "search_words_word_index" ON "search_words" USING gin ("word" public.gin_trgm_ops);--> statement-breakpoint
-- The one place that knows what a search reads of a product.
CREATE FUNCTION product_search_row(product products) RETURNS product_search LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN ROW(product.id, product.name, search_key(product.name), product.category, product.active, product.created_at,
    search_vector(product.name, 'A') || search_vector(product.category, 'B')
      || search_vector(product.description, 'C'));
END $$;--> statement-breakpoint
CREATE FUNCTION products_refresh_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO product_search SELECT made.* FROM product_search_row(NEW) AS made
  ON CONFLICT (product_id) DO UPDATE SET name = EXCLUDED.name, name_key = EXCLUDED.name_key,
    category = EXCLUDED.category, active = EXCLUDED.active, created_at = EXCLUDED.created_at, words = EXCLUDED.words;
  RETURN NULL;
END $$;--> statement-breakpoint
-- Only for the columns that a search reads: an order, which changes the stock, does not come here.
CREATE TRIGGER products_search AFTER INSERT OR UPDATE OF name, description, category, active, created_at ON products
FOR EACH ROW EXECUTE FUNCTION products_refresh_search();--> statement-breakpoint
CREATE FUNCTION product_search_add_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- In the order of the words: two transactions that add the same ones wait for each other in one direction only.
  INSERT INTO search_words (word)
  SELECT DISTINCT atoms.word FROM search_atoms(NEW.name || ' ' || NEW.category) AS atoms
  WHERE length(atoms.word) >= 3 AND atoms.word ~ '^[[:alpha:]]+$'
    AND NOT EXISTS (SELECT FROM search_words AS known WHERE known.word = atoms.word)
  ORDER BY 1
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER product_search_words AFTER INSERT OR UPDATE OF name, category ON product_search
FOR EACH ROW EXECUTE FUNCTION product_search_add_words();--> statement-breakpoint
-- In 64 bits: the sum of 500,000 ratings times a thousand is beyond 32.
CREATE FUNCTION products_sort_rating() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.rating_sort := CASE WHEN NEW.review_count = 0 THEN -1
    ELSE NEW.rating_sum::bigint * 1000 / NEW.review_count END;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER products_rating BEFORE INSERT OR UPDATE OF rating_sum, review_count ON products
FOR EACH ROW EXECUTE FUNCTION products_sort_rating();--> statement-breakpoint
-- Words of names that are one slip away from this one (two in a long word; two letters that changed places are one),
-- the nearest first. The threshold is low because one slip in a short word leaves few trigrams.
CREATE FUNCTION search_nearest(typed text) RETURNS SETOF text LANGUAGE sql STABLE
SET pg_trgm.similarity_threshold = 0.1
BEGIN ATOMIC
  WITH swapped AS (
    SELECT array_agg(left(typed, at - 1) || substr(typed, at + 1, 1) || substr(typed, at, 1) || substr(typed, at + 2))
      AS words
    FROM generate_series(1, length(typed) - 1) AS at
  ), candidates AS (
    SELECT word, 1 AS slips FROM search_words, swapped WHERE word = ANY (swapped.words)
    UNION ALL
    SELECT word, public.levenshtein_less_equal(word, typed, 2) FROM search_words
    WHERE word OPERATOR(public.%) typed AND length(word) BETWEEN length(typed) - 2 AND length(typed) + 2
  )
  SELECT word FROM candidates
  WHERE word <> typed AND slips <= CASE WHEN length(typed) >= 7 THEN 2 ELSE 1 END
  GROUP BY word ORDER BY min(slips), public.similarity(word, typed) DESC, word LIMIT 3;
END;--> statement-breakpoint
-- Whole queries that may have been meant, the likeliest first: every unknown word replaced, then one word at a time.
-- Known words are replaced only where the caller found nothing at all.
CREATE FUNCTION search_corrections(value text, known_too boolean) RETURNS SETOF text LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH atoms AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY chunk, piece, atom) AS place, word,
      length(word) >= 3 AND word ~ '^[[:alpha:]]+$' AND chunk <= 12 AS spelt,
      EXISTS (SELECT FROM search_words AS known WHERE known.word = atoms.word) AS known
    FROM search_atoms(value) AS atoms
  ), nearest AS MATERIALIZED (
    SELECT place, known, near.word, near.rank
    FROM atoms, ROWS FROM (search_nearest(atoms.word)) WITH ORDINALITY AS near (word, rank)
    WHERE spelt AND (known_too OR NOT known)
  ), wholes AS (
    SELECT 0 AS rank, 0 AS place, string_agg(coalesce(near.word, atoms.word), ' ' ORDER BY atoms.place) AS text
    FROM atoms LEFT JOIN nearest AS near ON near.place = atoms.place AND near.rank = 1 AND NOT near.known
    UNION ALL
    SELECT near.rank, near.place, string_agg(CASE WHEN atoms.place = near.place THEN near.word ELSE atoms.word END, ' '
      ORDER BY atoms.place)
    FROM nearest AS near, atoms GROUP BY near.rank, near.place, near.word
  )
  SELECT text FROM wholes WHERE text <> search_key(value) GROUP BY text ORDER BY min(rank), min(place) LIMIT 6;
END;
