CREATE TABLE "search_refreshes" (
	"migration" text PRIMARY KEY NOT NULL,
	"after" uuid NOT NULL
);--> statement-breakpoint
-- Rows that were there before are made again by backfills/search-spellings.sql. What finds a row and what a query asks
-- for only grows, so meanwhile old rows are found as before, and the version before finds new rows.
INSERT INTO search_refreshes VALUES ('0007_search_spellings', '00000000-0000-0000-0000-000000000000');--> statement-breakpoint
-- What is one word although a space or nothing stands inside it, written with a sign that search_marked knows: grouped
-- thousands ("1 000": 1'000), a whole and its fraction ("1 1/2", "1½": 1-1/2), a letter before its word ("t shirt":
-- t-shirt; not a and i, which are words, nor s, which an apostrophe left over). An accent that stands alone is the
-- apostrophe of its keyboard; NFKD would make a space of it.
CREATE FUNCTION search_joined(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF value !~ '[^[:alpha:] ]|(?:^| )[[:alpha:]] ' THEN RETURN value; END IF;
  value := translate(value, '´΄＇', '''''''');
  IF value ~ '\d' THEN
    value := regexp_replace(value, '(?<=(?:^|[^\w.,])\d{1,3}|[ \u00A0\u2009\u202F'']\d{3})[ \u00A0\u2009\u202F](?=\d{3}(?!\d))', '''', 'g');
    value := regexp_replace(value, '(?<=\d)[ \u00A0\u2009\u202F](?=\d{1,2}[/\u2044]\d)|(?<=\d)[ \u00A0\u2009\u202F]?(?=[\u00BC-\u00BE\u2150-\u215E])', '-', 'g');
  END IF;
  RETURN regexp_replace(value, '(?<=(?:^|[ \u00A0])[b-hj-rt-zB-HJ-RT-Z]) (?!(?:and|at|by|for|in|of|on|or|the|to|with)\M)(?=[[:alpha:]]{2})', '-', 'gi');
END $$;--> statement-breakpoint
-- Another way to write the same words, chunk for chunk; null where there is none. As the ICU, German,
-- Scandinavian, Arabic, Persian and Hindi filters of Lucene have it: "ü" is also ue, "å" aa, "ø" oe; hiragana is also
-- katakana; letters that look alike in Arabic are one. "×" is an x. A number is also the plain decimal number: without
-- separators of thousands ("1'000", "1.234,5"), with a zero before its point, without zeros at its end, and 1.5 for 1-1/2.
CREATE FUNCTION search_respelled(text_before text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  joined text := lower(search_joined(text_before));
  value text := joined;
  part text[];
BEGIN
  IF octet_length(value) <> length(value) THEN
    value := normalize(lower(normalize(translate(value, '™®©℠', ''), NFKC)), NFC);
    value := translate(regexp_replace(value, '[\u0640\u064B-\u065F\u0670\u093C]', '', 'g'), '×✕✖’⁄٬٫ةىیکۀہھٱँ', 'xxx''/'',هييكهههاं');
    value := regexp_replace(value, '[ङञणनम]्(?=[क-ह])', 'ं', 'g');
    value := replace(replace(replace(replace(replace(value, 'ä', 'ae'), 'ö', 'oe'), 'ø', 'oe'), 'ü', 'ue'), 'å', 'aa');
    value := translate(value,
      'ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔゕゖゝゞ',
      'ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴヵヶヽヾ');
  END IF;
  IF value !~ '\d' THEN RETURN nullif(value, joined); END IF;
  value := regexp_replace(value, '(?<=\d)\*(?=\d)', 'x', 'g');
  value := regexp_replace(value, '(?<=(?:^|[^\w.,])\d{1,3}|''\d{3})''(?=\d{3}(?!\d))', '', 'g');
  value := regexp_replace(value, '(?<=(?:^|[^\w.,])\d{1,3}(?:,\d{3})*),(?=(?:\d{3},)*\d{3}\.\d)', '', 'g');
  value := regexp_replace(value, '(?<=(?:^|[^\w.,])\d{1,3}(?:\.\d{3})*)\.(?=(?:\d{3}\.)*\d{3},\d)', '', 'g');
  value := regexp_replace(value, '(?<=^|[[:space:]$€£(+-])(?=[.,]\d)', '0', 'g');
  value := regexp_replace(value, '(?<![\d.,])(\d+[.,]\d*[1-9])0+(?![\d.,]*\d)', '\1', 'g');
  value := regexp_replace(value, '(?<![\d.,])(\d+)[.,]0{1,2}(?![\d.,]*\d)', '\1', 'g');
  IF value ~ '\d/\d' THEN
    FOREACH part SLICE 1 IN ARRAY '{{1/2,5},{1/3,333},{2/3,667},{1/4,25},{3/4,75},{1/5,2},{2/5,4},{3/5,6},{4/5,8},{1/6,167},{5/6,833},{1/8,125},{3/8,375},{5/8,625},{7/8,875}}'::text[][] LOOP
      value := regexp_replace(value, '(?<=\d)-' || part[1] || '(?![\d/])', '.' || part[2], 'g');
      value := regexp_replace(value, '(?<![\d/.,-])' || part[1] || '(?![\d/])', '0.' || part[2], 'g');
    END LOOP;
  END IF;
  RETURN nullif(value, joined);
END $$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION search_marked(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  folded text := regexp_replace(search_fold(search_joined(value)), '[[:space:][:cntrl:]]+', ' ', 'g');
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
-- The words of one spelling of a text with their places, and what else finds them: for several atoms of one chunk their
-- whole ("t-shirt": also "tshirt"); for grouped thousands the bare number ("1,000": also "1000").
CREATE FUNCTION search_words_of(value text) RETURNS TABLE (place bigint, word text)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN QUERY WITH placed AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY atoms.chunk, atoms.piece, atoms.atom) AS place, atoms.chunk, atoms.word
    FROM search_atoms(value) AS atoms
  )
  SELECT placed.place, placed.word FROM placed
  UNION ALL
  SELECT min(placed.place), left(string_agg(placed.word, '' ORDER BY placed.place), 64) FROM placed
  GROUP BY placed.chunk HAVING count(*) > 1 AND NOT bool_and(placed.word ~ '^\d')
  UNION ALL
  SELECT placed.place, replace(placed.word, '.', '') FROM placed WHERE placed.word ~ '^\d{1,3}(\.\d{3})+$';
END $$;--> statement-breakpoint
-- The words of both spellings, and their stems.
CREATE OR REPLACE FUNCTION search_vector(value text, weight "char") RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN (
    WITH words AS (
      SELECT * FROM search_words_of(value)
      UNION
      SELECT * FROM search_words_of(search_respelled(value))
    )
    SELECT setweight(coalesce(string_agg(concat(search_quote(lexeme), ':', least(place, 16383)), ' '), '')::tsvector,
      weight)
    FROM words, unnest(word || search_stem(word)) AS lexeme
  );
END $$;--> statement-breakpoint
-- What finds each chunk of one spelling of a text: its words as beginnings or in another form. At most 12 chunks and 24
-- atoms: each costs a look-up. `stop`: it holds nothing but stop words.
CREATE FUNCTION search_chunks(value text) RETURNS TABLE (chunk bigint, stop boolean, query text)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
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
    )
    SELECT chunk, bool_and(stop), concat('((', string_agg(query, '&' ORDER BY piece), ')', (
      SELECT string_agg(wholes.query, '') FROM wholes WHERE wholes.chunk = pieces.chunk
    ), ')')
    FROM pieces GROUP BY chunk;
END $$;--> statement-breakpoint
-- What finds the products that hold all the words of a text, each in either spelling; made of the same atoms as the other
-- side. Stop words count only where there is nothing else. An empty query for a text without a word.
CREATE OR REPLACE FUNCTION search_query(value text) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN (
    WITH chunks AS (
      SELECT typed.chunk, typed.stop, CASE WHEN other.query <> typed.query
        THEN concat('(', typed.query, '|', other.query, ')') ELSE typed.query END AS query
      FROM search_chunks(value) AS typed
      LEFT JOIN search_chunks(search_respelled(value)) AS other USING (chunk)
    )
    SELECT coalesce(string_agg(query, '&' ORDER BY chunk), '')::tsquery FROM chunks
    WHERE NOT stop OR (SELECT bool_and(stop) FROM chunks)
  );
END $$;
