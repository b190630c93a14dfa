import { type SQL, sql } from 'drizzle-orm';
import {
  boolean,
  check,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';

export const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

/** One size of a picture: `url` is root-relative, `width` in pixels, `type` a MIME type. */
export type Picture = { url: string; width: number; type: string };

/** `id` is the kebab-case name that also appears in URLs. */
export const categories = pgTable('categories', {
  id: text().primaryKey(),
  name: text().notNull(),
  imageUrl: text().notNull(),
  position: integer().notNull().default(0),
});

/**
 * What the shop sells. `stock` is what can be bought now; if the code is wrong, the check constraint still keeps it
 * from being negative. Ratings are stored as sum and count, changed in the transaction of a review.
 */
export const products = pgTable(
  'products',
  {
    id: uuid().primaryKey(),
    slug: text().notNull().unique(),
    name: text().notNull(),
    description: text().notNull(),
    category: text()
      .notNull()
      .references(() => categories.id),
    priceCents: integer().notNull(),
    stock: integer().notNull(),
    active: boolean().notNull().default(true),
    imageUrl: text().notNull(),
    images: jsonb().$type<Picture[]>().notNull(),
    ratingSum: integer().notNull().default(0),
    reviewCount: integer().notNull().default(0),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    /**
     * A thousand times the average, or -1 without reviews: one number to sort by. A trigger sets it (migration 0002).
     */
    ratingSort: integer().notNull().default(-1),
    /** Read by release 0.1.0 and earlier; `product_search` replaces it. A contract step of a later release drops it. */
    search: tsvector()
      .notNull()
      .generatedAlwaysAs(
        (): SQL =>
          sql`setweight(to_tsvector('english', ${products.name}), 'A') || setweight(to_tsvector('english', ${products.category}), 'B') || setweight(to_tsvector('english', ${products.description}), 'C')`,
      ),
  },
  (table) => [
    check('products_stock_not_negative', sql`${table.stock} >= 0`),
    check('products_price_not_negative', sql`${table.priceCents} >= 0`),
    index().using('gin', table.search),
    index().on(table.category, table.createdAt, table.id),
    index().on(table.createdAt, table.id),
    index().on(table.priceCents, table.id),
    index().on(table.ratingSort, table.id),
    index().on(table.name, table.id),
    // Any part of a slug: the admin's search.
    index().using('gin', table.slug.op('gin_trgm_ops')).with({ fastupdate: false }),
  ],
);
