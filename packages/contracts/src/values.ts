/**
 * Limits and sets of names that the contract, the tables and the storefront share. This file imports nothing, so that a
 * page of the storefront needs no schema library, and the tables need no schemas of the contract.
 */

export const orderStatuses = ['placed', 'paid', 'shipped', 'cancelled', 'payment-failed'] as const;
export type OrderStatus = (typeof orderStatuses)[number];

export const uploadStatuses = ['pending', 'processing', 'ready', 'rejected'] as const;
export const uploadPurposes = ['review', 'product'] as const;
export const rejectionReasons = ['not-an-image', 'type-mismatch', 'too-large', 'too-many-pixels'] as const;

/**
 * `captured`: money was taken. `declined`: it never will be. `refunded`: it was taken and returned. `voided`: the
 * refund came before any capture, so a later capture is refused.
 */
export const paymentStatuses = ['captured', 'declined', 'refunded', 'voided'] as const;

export const maxUploadBytes = 5 * 1024 * 1024;
export const pictureTypes = ['image/png', 'image/jpeg', 'image/webp'] as const;
export type PictureType = (typeof pictureTypes)[number];

export const sorts = ['relevance', 'newest', 'price-asc', 'price-desc', 'rating', 'name'] as const;
export type Sort = (typeof sorts)[number];
/** €100,000 for one piece. */
export const maxPriceCents = 10_000_000;
/** Code points of a search. */
export const maxQueryLength = 200;
/** The maximum quantity of one product in a line of a cart or an order. */
export const maxQuantity = 99;

/** Kebab-case. */
export const slugPattern = '^[a-z0-9]+(-[a-z0-9]+)*$';
