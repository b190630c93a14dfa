import { createHash } from 'node:crypto';
import {
  type Category,
  type CategoryList,
  maxSuggestions,
  type Product,
  type ProductList,
  type ProductQuery,
  type Suggestions,
} from '@shop/contracts/catalog.ts';
import { listLimitDefault } from '@shop/contracts/common.ts';
import { slugPattern } from '@shop/contracts/values.ts';
import type { Consistency, Watermark } from '@shop/database/consistency.ts';
import type { Database } from '@shop/database/database.ts';
import { validate as isUuid } from 'uuid';
import type { CursorContext, CursorValues } from '../plugins/cursors.ts';
import { validationError } from '../problem-error.ts';
import type { CatalogCache } from './catalog.cache.ts';
import {
  type CatalogProduct,
  findCategories,
  findProductBySlug,
  findProducts,
} from './catalog.repository.ts';
import { correctionOf } from './correction.ts';
import { findProductPage } from './product-pages.repository.ts';
import type { Position, ProductSelection } from './product-selection.ts';

type Cursors = {
  encode(context: CursorContext, values: CursorValues): string;
  decode(context: CursorContext, cursor: string | undefined): CursorValues | undefined;
};

/** One page of a list, without the products themselves: those have entries of their own. */
type Page = { ids: string[]; nextCursor: string | null; didYouMean?: string | null };

/**
 * What shoppers see of the products. Every read says how fresh it must be; only `any` may come from the cache. A read has
 * a deadline of its own and not that of the request, because other requests may wait for the same answer.
 */
export class Catalog {
  readonly #db: Database;
  readonly #cache: CatalogCache;
  readonly #cursors: Cursors;

  constructor(db: Database, cache: CatalogCache, cursors: Cursors) {
    this.#db = db;
    this.#cache = cache;
    this.#cursors = cursors;
  }

  /**
   * By slug or id; undefined also for an inactive one. A session that has just written reads past the cache, from a
   * replica that needs to have that session's writes only. So this method asks the primary before it answers that there is
   * no such product.
   */
  async product(slugOrId: string, consistency: Consistency): Promise<Product | undefined> {
    const product = await this.#product(slugOrId, consistency);
    if (product || consistency === 'any' || consistency === 'primary') return product;
    return await this.#product(slugOrId, 'primary');
  }

  async #product(slugOrId: string, consistency: Consistency): Promise<Product | undefined> {
    const product = isUuid(slugOrId)
      ? (await this.productsById([slugOrId.toLowerCase()], consistency)).get(slugOrId.toLowerCase())
      : await this.#productBySlug(slugOrId, consistency);
    return product?.active ? product : undefined;
  }

  async #productBySlug(slug: string, consistency: Consistency): Promise<CatalogProduct | undefined> {
    if (!isSlug(slug)) return undefined;
    let read: CatalogProduct | undefined;
    const find = async (at: Consistency) => {
      read = await findProductBySlug(this.#db.replica(at), slug);
      return read;
    };
    if (!this.#cache.serves(consistency)) return await find(consistency);
    const id = await this.#cache.get<string>('slug', slug, consistency, async (_keys, at) => {
      const product = await find(at);
      return new Map(product ? [[slug, product.id]] : []);
    });
    return id === undefined ? undefined : (await this.productsById([id], consistency, read)).get(id);
  }

  /**
   * Active or not, by id in lower case; unknown ones are left out.
   *
   * @param read the only product of `ids`, if the caller has just read it. It is used unless the product has changed
   *   within the last seconds.
   */
  async productsById(
    ids: string[],
    consistency: Consistency,
    read?: CatalogProduct,
  ): Promise<Map<string, CatalogProduct>> {
    return await this.#cache.getMany('product', ids, consistency, async (missing, at) => {
      if (read && at === 'any') return new Map([[read.id, read]]);
      const products = await findProducts(this.#db.replica(at), missing);
      return new Map(products.map((product) => [product.id, product]));
    });
  }

  /** @throws ProblemError `invalid-cursor`, or `validation-failed` when the lowest price is above the highest. */
  async products(query: ProductQuery, consistency: Consistency): Promise<ProductList> {
    const { q = '', limit = listLimitDefault, cursor } = query;
    const { category, minPriceCents, maxPriceCents, minRating, inStock } = query;
    if ((minPriceCents ?? 0) > (maxPriceCents ?? Number.POSITIVE_INFINITY)) {
      throw validationError('/query/maxPriceCents', 'must not be below minPriceCents');
    }
    const filters = { category, minPriceCents, maxPriceCents, minRating, inStock, q: q.trim() || undefined };
    const selection = { ...filters, sort: query.sort ?? (filters.q ? 'relevance' : 'newest') };
    const context = { list: 'products', ...selection };
    const after = this.#cursors.decode(context, cursor) as Position | undefined;
    const toCursor = (position: Position) => this.#cursors.encode(context, position);
    const page = await this.#page({ ...selection, after, limit }, consistency, toCursor);
    const products = await this.#activeProducts(page.ids, consistency);
    // The list may be older than the sale of a last piece; a product's own entry has its present stock.
    const items = inStock ? products.filter(({ stock }) => stock > 0) : products;
    return { items, nextCursor: page.nextCursor, didYouMean: page.didYouMean ?? null };
  }

  /** What a shopper may mean by a text that is not complete yet. */
  async suggestions(q: string, consistency: Consistency): Promise<Suggestions> {
    if (q.trim() === '') return { items: [] };
    const selection = { q: q.trim(), sort: 'relevance', limit: maxSuggestions } as const;
    const { ids } = await this.#page(selection, consistency, () => '', { correct: false });
    const products = await this.#activeProducts(ids, consistency);
    return {
      items: products.map(({ slug, name, category, imageUrl }) => ({ slug, name, category, imageUrl })),
    };
  }

  async categories(consistency: Consistency): Promise<CategoryList> {
    const items = await this.#cache.get('categories', 'all', consistency, async (_keys, at) => {
      return new Map([['all', await this.#db.replica(at).read(findCategories)]]);
    });
    return { items: items ?? [] };
  }

  /** Found in the list of all categories, which is short. */
  async category(id: string, consistency: Consistency): Promise<Category | undefined> {
    const { items } = await this.categories(consistency);
    return items.find((category) => category.id === id);
  }

  /**
   * Call it after the commit that changed fields of these products, such as price, stock or rating; with `lists` when
   * products also came, went or moved. It never fails: see `CatalogCache.invalidate`.
   */
  async invalidate(productIds: string[], watermark: Watermark, { lists = false } = {}): Promise<void> {
    await this.#cache.invalidate(productIds, watermark, { lists });
  }

  async #page(
    selection: ProductSelection,
    consistency: Consistency,
    toCursor: (position: Position) => string,
    { correct = true } = {},
  ): Promise<Page> {
    const { limit } = selection;
    const read = async (at: Consistency): Promise<Page> => {
      // One more than asked for tells whether there is a next page.
      const oneMore = { ...selection, limit: limit + 1 };
      return await this.#db.replica(at).read(async (tx) => {
        const rows = await findProductPage(tx, oneMore);
        const shown = rows.slice(0, limit);
        const last = shown.at(-1);
        const nextCursor = rows.length > limit && last ? toCursor(last.position) : null;
        return {
          ids: shown.map(({ id }) => id),
          nextCursor,
          didYouMean: correct ? await correctionOf(tx, selection, rows.length) : null,
        };
      });
    };
    // An order that takes the last piece changes this list and invalidates none: each order would empty the cache of
    // lists. So this list comes from the database, at least as new as the last product that came, went or moved.
    if (selection.inStock) return await read(await this.#cache.lastChange('list', '', consistency));
    const key = createHash('sha256')
      .update(JSON.stringify({ ...selection, correct }))
      .digest('base64url');
    const page = await this.#cache.get<Page>('list', key, consistency, async (_keys, at) => {
      return new Map([[key, await read(at)]]);
    });
    return page ?? { ids: [], nextCursor: null };
  }

  /** In the order of the ids; one that was deactivated since the list was made is left out. */
  async #activeProducts(ids: string[], consistency: Consistency): Promise<Product[]> {
    const products = await this.productsById(ids, consistency);
    return ids.flatMap((id) => products.get(id) ?? []).filter(({ active }) => active);
  }
}

/** Every stored slug fits the pattern, so another text needs no query. */
const isSlug = (text: string) => new RegExp(slugPattern).test(text);
