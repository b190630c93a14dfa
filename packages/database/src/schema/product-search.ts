import { boolean, customType, index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { products, tsvector } from './products.ts';

/** Sorted as people expect: accents and case decide last, digits count as numbers (migration 0002). */
const sortedText = customType<{ data: string }>({ dataType: () => 'text COLLATE people' });

/**
 * The data of the search, one row for each product. Triggers on `products` maintain it, so every way of writing a
 * product is covered, also that of the previous release. The table is narrow, and sales do not change it, so a search
 * over many rows reads few pages. All text passes the same functions as a query does: `search_vector` and
 * `search_query` (migration 0007).
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
    // Every search would have to read a pending list.
    index().using('gin', table.words).with({ fastupdate: false }),
    index().on(table.nameKey, table.productId),
    index().on(table.name, table.productId),
    index().on(table.createdAt, table.productId),
    // The same two orders within a category.
    index().on(table.category, table.nameKey, table.productId),
    index().on(table.category, table.createdAt, table.productId),
  ],
);

/** Every word of at least three letters that a name has or had: a misspelt word is compared with these. */
export const searchWords = pgTable('search_words', { word: text().primaryKey() }, (table) => [
  index().using('gin', table.word.op('gin_trgm_ops')),
]);

/**
 * How far the rows of `product_search` are made again after a migration has changed its functions: `after` is the last
 * product that was. One row per such migration; its backfill moves it.
 */
export const searchRefreshes = pgTable('search_refreshes', {
  migration: text().primaryKey(),
  after: uuid().notNull(),
});
