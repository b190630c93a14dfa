import { decimal, integer } from './format.ts';

/** The average of the reviews; nothing for a product without any. */
export function Stars({ rating, count }: { rating: number | null; count?: number }) {
  if (rating === null) return null;
  return (
    <span className="inline-flex items-center gap-1.5 text-sm text-muted">
      <span className="sr-only">Rated {decimal(rating)} of 5</span>
      <span aria-hidden className="relative text-[0.95em] leading-none tracking-[0.1em] text-line">
        ★★★★★
        <span
          className="absolute inset-0 overflow-hidden text-star"
          style={{ width: `${(rating / 5) * 100}%` }}
        >
          ★★★★★
        </span>
      </span>
      <span aria-hidden>{decimal(rating)}</span>
      {count !== undefined && (
        <span>
          ({integer(count)}
          <span className="sr-only"> reviews</span>)
        </span>
      )}
    </span>
  );
}
