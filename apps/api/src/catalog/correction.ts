import type { Transaction } from '@shop/database/connection.ts';
import { countProducts, findCorrections } from './product-pages.repository.ts';
import type { ProductSelection } from './product-selection.ts';

/** A query that finds this many products is taken as it is. */
const enough = 20;

/**
 * "Did you mean": a whole query that returns more than this one with the same filters, or null. Asked for the first page
 * only. Words that no product has in its name are replaced by near ones; words that a product has, only when the query
 * found nothing.
 *
 * @param onPage how many products the first page has, so at least as many are found.
 */
export async function correctionOf(
  tx: Transaction,
  { q, after, sort: _, limit, ...filters }: ProductSelection,
  onPage: number,
): Promise<string | null> {
  if (q === undefined || after !== undefined || onPage >= enough) return null;
  const found = onPage < limit ? onPage : await countProducts(tx, { ...filters, q }, enough);
  if (found >= enough) return null;
  for (const text of await findCorrections(tx, q, found === 0)) {
    if ((await countProducts(tx, { ...filters, q: text }, found + 1)) > found) return text;
  }
  return null;
}
