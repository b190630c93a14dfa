import { mediaUrls } from '@shop/contracts/media.ts';
import type { Review } from '@shop/contracts/reviews.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { customers } from '@shop/database/schema/customers.ts';
import { orderLines, orders } from '@shop/database/schema/orders.ts';
import { products } from '@shop/database/schema/products.ts';
import { reviews } from '@shop/database/schema/reviews.ts';
import { uploads } from '@shop/database/schema/uploads.ts';
import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import { nameOfReady } from '../uploads/uploads.repository.ts';

/** A position in the list, newest first. The time is text, because a Date would cut its microseconds off. */
export type ReviewPosition = { createdAt: string; id: string };

export async function productExists(tx: Transaction, productId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: products.id })
    .from(products)
    .where(and(eq(products.id, productId), eq(products.active, true)));
  return rows.length > 0;
}

/** Whether the customer has an order with this product that was paid for and not cancelled. */
export async function hasBought(tx: Transaction, customerId: string, productId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: orders.id })
    .from(orders)
    .innerJoin(orderLines, eq(orderLines.orderId, orders.id))
    .where(
      and(
        eq(orders.customerId, customerId),
        inArray(orders.status, ['paid', 'shipped']),
        eq(orderLines.productId, productId),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

/** @returns undefined when the customer has reviewed the product before. */
export async function insertReview(
  tx: Transaction,
  review: typeof reviews.$inferInsert,
): Promise<{ createdAt: Date } | undefined> {
  const [row] = await tx
    .insert(reviews)
    .values(review)
    .onConflictDoNothing({ target: [reviews.productId, reviews.customerId] })
    .returning({ createdAt: reviews.createdAt });
  return row;
}

/** Sum and count change with each review, in its transaction, so the average never has to be computed over all. */
export async function addRating(tx: Transaction, productId: string, rating: number): Promise<void> {
  await tx
    .update(products)
    .set({
      ratingSum: sql`${products.ratingSum} + ${rating}`,
      reviewCount: sql`${products.reviewCount} + 1`,
    })
    .where(eq(products.id, productId));
}

export type ListedReview = { review: Review; position: ReviewPosition };

/** The address of the picture of a review; null before the upload is ready. */
export function pictureUrl(upload: Parameters<typeof nameOfReady>[0]): string | null {
  const name = nameOfReady(upload);
  return name && mediaUrls(name).large;
}

/** Newest first. */
export async function listReviews(
  tx: Transaction,
  productId: string,
  limit: number,
  before?: ReviewPosition,
): Promise<ListedReview[]> {
  const rows = await tx
    .select({
      id: reviews.id,
      productId: reviews.productId,
      rating: reviews.rating,
      text: reviews.text,
      authorName: customers.name,
      upload: { status: uploads.status, objectName: uploads.objectName, sha256: uploads.sha256 },
      createdAt: reviews.createdAt,
      exactly: sql<string>`${reviews.createdAt}::text`,
    })
    .from(reviews)
    .innerJoin(customers, eq(customers.id, reviews.customerId))
    .leftJoin(uploads, eq(uploads.id, reviews.uploadId))
    .where(
      and(
        eq(reviews.productId, productId),
        before &&
          sql`(${reviews.createdAt}, ${reviews.id}) < (${before.createdAt}::timestamptz, ${before.id}::uuid)`,
      ),
    )
    .orderBy(desc(reviews.createdAt), desc(reviews.id))
    .limit(limit);
  return rows.map(({ upload, exactly, createdAt, ...row }) => ({
    review: {
      ...row,
      imageUrl: upload && pictureUrl(upload),
      createdAt: createdAt.toISOString(),
    },
    position: { createdAt: exactly, id: row.id },
  }));
}
