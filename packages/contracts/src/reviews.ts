import { type Static, Type } from 'typebox';
import { Id, List, ListQuery, Nullable, SentId, Strict, Timestamp } from './common.ts';
import { Lines } from './text.ts';

export const CreateReviewBody = Strict({
  rating: Type.Integer({ minimum: 1, maximum: 5 }),
  text: Lines(1, 2000),
  uploadId: Type.Optional(SentId()),
});
export type CreateReviewBody = Static<typeof CreateReviewBody>;

export const Review = Type.Object(
  {
    id: Id,
    productId: Id,
    rating: Type.Integer({ minimum: 1, maximum: 5 }),
    text: Type.String(),
    authorName: Type.String(),
    imageUrl: Nullable(Type.String()),
    createdAt: Timestamp,
  },
  { title: 'Review' },
);
export type Review = Static<typeof Review>;

export const ReviewList = List(Review);
export const ReviewListQuery = Type.Object(ListQuery);
