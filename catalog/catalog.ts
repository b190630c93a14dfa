import { readdirSync, readFileSync } from 'node:fs';

/** A category; `hue` (0–359) is the colour of the backdrop that its pictures stand on. */
export type CatalogCategory = { id: string; name: string; emoji: string; hue: number };

/** A product as the merchant keeps it; `createdAt` is RFC 3339, `emoji` names the object in the picture. */
export type CatalogProduct = {
  slug: string;
  name: string;
  description: string;
  priceCents: number;
  stock: number;
  emoji: string;
  createdAt: string;
  category: string;
};

/**
 * What reviews are composed of: an opening by rating ("1" to "5"), then perhaps praise or criticism that fits the
 * category, then perhaps a closing.
 */
export type ReviewPhrases = {
  openings: Record<string, string[]>;
  praise: Record<string, string[]>;
  criticism: Record<string, string[]>;
  closings: { good: string[]; mixed: string[]; bad: string[] };
};

/** Every picture exists in these widths, in pixels; all are square. */
export const pictureWidths = [320, 640] as const;

/** The fixed day on which the catalogue was taken: no product and no seeded review is younger. */
export const catalogDate = new Date('2026-06-01T09:00:00Z');

/** Root-relative; the edges serve it as a static file. The name changes only when the slug does. */
export const pictureUrl = (name: string, width: (typeof pictureWidths)[number]): string =>
  `/pictures/${name}-${width}.webp`;

/** The name of a category's picture; products' pictures go by their slug. */
export const categoryPicture = (id: string): string => `category-${id}`;

const readJson = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

/** In the order in which a shop would show them. */
export const categories: CatalogCategory[] = readJson('./categories.json');

/** One JSON file a category, which gives the products their `category`. */
export const products: CatalogProduct[] = readdirSync(new URL('./products/', import.meta.url)).flatMap(
  (file) =>
    readJson(`./products/${file}`).map((product: Omit<CatalogProduct, 'category'>) => ({
      ...product,
      category: file.replace('.json', ''),
    })),
);

export const reviewPhrases: ReviewPhrases = readJson('./reviews.json');
