import { boolean, customType, index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { products, tsvector } from './products.ts';

/** Sorted in the order of people: accents and case decide last, digits count as numbers (migration 0002). */
const sortedText = customType<{ data: string }>({ dataType: () => 'text COLLATE people' });

/**
 * What a search reads, a row a product. Triggers on `products` keep it, so that every way of writing a product is
 * covered, also that of the version before. Narrow, and untouched by sales: a search that looks at many rows reads few
 * pages. All text goes through the same functions as a query does: `search_vector` and `search_query` (migration 0002).
 */
export const productSearch = pgTable(
  'product_search',
  {
    productId: uuid()
      .primaryKey()
      .references(() => products.id, { onDelete: 'cascade' }),
    name: sortedText().notNull(),
    /** The words of the name with one space between them, at most 200 characters: see `search_key`. */
    nameKey: text().notNull(),
    category: text().notNull(),
    active: boolean().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    words: tsvector().notNull(),
  },
  (table) => [
    // A pending list would have to be read by every search.
    index().using('gin', table.words).with({ fastupdate: false }),
    index().on(table.nameKey, table.productId),
    index().on(table.name, table.productId),
    index().on(table.createdAt, table.productId),
  ],
);

/** Every word of three letters and more that a name has or had: what a misspelt word is compared with. */
export const searchWords = pgTable('search_words', { word: text().primaryKey() }, (table) => [
  index().using('gin', table.word.op('gin_trgm_ops')),
]);
