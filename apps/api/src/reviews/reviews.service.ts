import type { CreateReviewBody, Review } from '@shop/contracts/reviews.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { v7 as uuid } from 'uuid';
import { findUser } from '../auth/customers.repository.ts';
import { ProblemError } from '../problem-error.ts';
import { findOwnUpload } from '../uploads/uploads.repository.ts';
import { addRating, hasBought, insertReview, pictureUrl, productExists } from './reviews.repository.ts';

/**
 * Writes a review and adds it to the product's rating. A customer may review a product once, after buying it; a picture
 * must be the customer's own and ready.
 *
 * @throws ProblemError `not-found`, `not-a-buyer`, `upload-not-ready`, `already-reviewed`.
 */
export async function writeReview(
  tx: Transaction,
  { customerId, productId }: { customerId: string; productId: string },
  { rating, text, uploadId }: CreateReviewBody,
): Promise<Review> {
  const [exists, bought, author, upload] = await Promise.all([
    productExists(tx, productId),
    hasBought(tx, customerId, productId),
    findUser(tx, customerId),
    uploadId === undefined ? undefined : findOwnUpload(tx, customerId, uploadId),
  ]);
  if (!exists) throw new ProblemError('not-found');
  if (!bought || !author) throw new ProblemError('not-a-buyer');
  const imageUrl = upload?.purpose === 'review' ? pictureUrl(upload) : null;
  // The same answer for another customer's upload, a missing one and one that is not ready.
  if (uploadId !== undefined && imageUrl === null) throw new ProblemError('upload-not-ready');

  const id = uuid();
  const written = await insertReview(tx, { id, productId, customerId, rating, text, uploadId });
  if (!written) throw new ProblemError('already-reviewed');
  await addRating(tx, productId, rating);
  return {
    id,
    productId,
    rating,
    text,
    authorName: author.name,
    imageUrl,
    createdAt: written.createdAt.toISOString(),
  };
}
