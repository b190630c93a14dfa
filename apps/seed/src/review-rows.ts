import type { Faker } from '@faker-js/faker';
import { type CatalogProduct, catalogDate, reviewPhrases } from '@shop/catalog/catalog.ts';
import type { reviews } from '@shop/database/schema/reviews.ts';
import { stableFaker, stableId } from './stable.ts';

export type ReviewRow = typeof reviews.$inferInsert;

const dayMs = 24 * 3_600_000;
const mostReviews = 60;

/**
 * The reviews of a product. Few products have many reviews and some have none. Most reviews are good: each product has
 * a quality around which its ratings scatter. No customer reviews a product twice or before it existed.
 */
export function reviewRows(product: CatalogProduct, productId: string, reviewerIds: string[]): ReviewRow[] {
  const faker = stableFaker(`reviews of ${product.slug}`);
  const listedAt = Date.parse(product.createdAt);
  const age = (catalogDate.getTime() - listedAt) / (365 * dayMs);
  // Squared: half of the products stay below a quarter of the most popular ones.
  const count = Math.floor(mostReviews * faker.number.float() ** 2 * Math.min(1, 0.2 + age));
  const quality = faker.number.float({ min: 3.4, max: 5 });
  const compose = composer(faker, product.category);
  return faker.helpers.arrayElements(reviewerIds, count).map((customerId, index) => {
    const rating = scatter(faker, quality);
    const createdAt = new Date(
      listedAt + (catalogDate.getTime() - listedAt) * faker.number.float({ min: 0.02, max: 1 }),
    );
    return {
      id: stableId(createdAt, `review ${index} of ${product.slug}`),
      productId,
      customerId,
      rating,
      text: compose(rating),
      createdAt,
    };
  });
}

/** A rating from 1 to 5, more likely the closer it is to `quality`; sometimes a rating is far from it. */
function scatter(faker: Faker, quality: number): number {
  const ratings = [1, 2, 3, 4, 5].map((value) => ({
    value,
    weight: 0.02 + Math.exp(-((value - quality) ** 2) / 1.3),
  }));
  return faker.helpers.weightedArrayElement(ratings);
}

/** Composes the texts of one product's reviews; a phrase is used again only after all others of its kind. */
function composer(faker: Faker, category: string): (rating: number) => string {
  const piles = new Map<string[], string[]>();
  const draw = (phrases: string[]): string => {
    const pile = piles.get(phrases)?.length ? piles.get(phrases)! : faker.helpers.shuffle(phrases);
    piles.set(phrases, pile.slice(1));
    return pile[0]!;
  };
  const { openings, praise, criticism, closings } = reviewPhrases;
  return (rating) => {
    const sentences = [draw(openings[rating]!)];
    const praises = rating >= 4 || (rating === 3 && faker.datatype.boolean());
    if (faker.datatype.boolean(0.75)) sentences.push(draw((praises ? praise : criticism)[category]!));
    // Few reviews of one or two stars have no text.
    if (rating === 4 && faker.datatype.boolean(0.4)) sentences.push(draw(criticism[category]!));
    const ending = rating >= 4 ? closings.good : rating === 3 ? closings.mixed : closings.bad;
    if (faker.datatype.boolean(0.3)) sentences.push(draw(ending));
    return sentences.join(' ');
  };
}
