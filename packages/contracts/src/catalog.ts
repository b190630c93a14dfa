import { type Static, Type } from 'typebox';
import { Cents, Currency, Id, List, ListQuery, Nullable, Timestamp } from './common.ts';
import { Text } from './text.ts';
import { maxPriceCents, maxQueryLength, sorts } from './values.ts';

export const Picture = Type.Object({
  url: Type.String({ description: 'Root-relative; loads from either edge' }),
  width: Type.Integer({ description: 'Pixels' }),
  type: Type.String({ examples: ['image/webp'] }),
});

export const productFields = {
  id: Id,
  slug: Type.String(),
  name: Type.String(),
  description: Type.String(),
  category: Type.String({ description: 'Id of a category' }),
  priceCents: Cents({ maximum: maxPriceCents }),
  currency: Currency,
  stock: Type.Integer({ minimum: 0, description: 'What can be bought now' }),
  imageUrl: Type.String(),
  images: Type.Array(Picture),
  rating: Nullable(
    Type.Number({ minimum: 1, maximum: 5, description: 'Average of the reviews, one decimal' }),
  ),
  reviewCount: Type.Integer({ minimum: 0 }),
  createdAt: Timestamp,
};
export const Product = Type.Object(productFields);
export type Product = Static<typeof Product>;

export const ProductList = Type.Object({
  ...List(Product).properties,
  didYouMean: Nullable(
    Type.String({
      description: 'A whole `q` that returns more with the same filters; on the first page only',
    }),
  ),
});
export type ProductList = Static<typeof ProductList>;

export const ProductQuery = Type.Object({
  category: Type.Optional(Text(0, 100, { description: 'Id of a category; an unknown one has no products' })),
  q: Type.Optional(
    Text(0, maxQueryLength, {
      description: 'Full text; each word also as a beginning; case, accents and Unicode form do not matter',
    }),
  ),
  sort: Type.Optional(Type.Enum(sorts, { description: 'Default `relevance` with `q`, else `newest`' })),
  minPriceCents: Type.Optional(Cents({ maximum: maxPriceCents })),
  maxPriceCents: Type.Optional(Cents({ maximum: maxPriceCents, description: 'Not below `minPriceCents`' })),
  minRating: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 5,
      description: 'Of the rating as it is shown; leaves out what has none',
    }),
  ),
  inStock: Type.Optional(Type.Boolean({ description: '`true`: only what can be bought now' })),
  ...ListQuery,
});
export type ProductQuery = Static<typeof ProductQuery>;

/** A slug or an id; any other text belongs to no product. */
export const SlugParams = Type.Object({ slug: Type.String() });

export const Category = Type.Object({
  id: Type.String({ description: 'kebab-case' }),
  name: Type.String(),
  productCount: Type.Integer({ minimum: 0 }),
  imageUrl: Type.String(),
});
export type Category = Static<typeof Category>;
export const CategoryList = Type.Object({ items: Type.Array(Category) });
export type CategoryList = Static<typeof CategoryList>;

export const maxSuggestions = 8;
export const SuggestionQuery = Type.Object({ q: Type.Optional(Text(0, maxQueryLength)) });
export const Suggestions = Type.Object({
  items: Type.Array(
    Type.Object({
      slug: Type.String(),
      name: Type.String(),
      category: Type.String(),
      imageUrl: Type.String(),
    }),
    { maxItems: maxSuggestions },
  ),
});
export type Suggestions = Static<typeof Suggestions>;
