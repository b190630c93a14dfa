import type { Product } from '@shop/contracts/catalog.ts';
import type { Review } from '@shop/contracts/reviews.ts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { meQuery, reviewsQuery } from '../api/queries.ts';
import { hasDraft } from '../forms/draft.ts';
import { count, day } from './format.ts';
import { Picture } from './picture.tsx';
import { Stars } from './stars.tsx';
import { Failure, Skeleton } from './states.tsx';

const ReviewForm = lazy(() => import('./review-form.tsx'));

function ReviewEntry({ review }: { review: Review }) {
  return (
    <li className="grid gap-x-8 gap-y-3 py-7 md:grid-cols-[11rem_1fr]">
      <div>
        <p className="font-semibold">{review.authorName}</p>
        <p className="text-sm text-muted">{day(review.createdAt)}</p>
      </div>
      <div>
        <Stars rating={review.rating} />
        <p className="mt-2 max-w-prose leading-relaxed text-pretty whitespace-pre-line">{review.text}</p>
        {review.imageUrl && (
          <Picture
            src={review.imageUrl}
            alt={`Photo by ${review.authorName}`}
            className="mt-4 w-40 rounded-2xl"
          />
        )}
      </div>
    </li>
  );
}

/** The reviews of buyers, and the form for a review. */
export default function Reviews({ product }: { product: Product }) {
  const { data: me } = useQuery(meQuery);
  const draft = `review ${product.id} ${me?.id}`;
  const [writing, setWriting] = useState(() => hasDraft(draft));
  const list = useInfiniteQuery(reviewsQuery(product.id));
  const { data, error, hasNextPage, isFetchingNextPage } = list;
  const reviews = data?.pages.flatMap((page) => page.items);
  return (
    <section aria-labelledby="reviews-title">
      <div className="flex flex-wrap items-center justify-between gap-4">
        <h2 id="reviews-title" className="text-section">
          {product.reviewCount > 0 ? count(product.reviewCount, 'review') : 'No reviews yet'}
        </h2>
        {!writing &&
          (me ? (
            <button type="button" className="button button-quiet" onClick={() => setWriting(true)}>
              Write a review
            </button>
          ) : (
            <Link to="/login" search={{ from: `/product/${product.slug}` }} className="link">
              Log in to write a review
            </Link>
          ))}
      </div>
      {writing && (
        <Suspense fallback={<Skeleton className="mt-6 h-96 w-full rounded-3xl" />}>
          <ReviewForm product={product} draft={draft} onDone={() => setWriting(false)} />
        </Suspense>
      )}
      {!reviews && error && <Failure error={error} retry={() => void list.refetch()} />}
      {!reviews && !error && <Skeleton className="mt-6 h-40 w-full rounded-3xl" />}
      <ul className="mt-3 divide-y divide-line">
        {reviews?.map((review) => (
          <ReviewEntry key={review.id} review={review} />
        ))}
      </ul>
      {hasNextPage && (
        <button
          type="button"
          className="button button-quiet mt-4"
          disabled={isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {isFetchingNextPage ? 'Loading…' : 'More reviews'}
        </button>
      )}
    </section>
  );
}
