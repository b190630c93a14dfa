import type { ComponentProps } from 'react';
import { type Refinement, ratings } from './refinement.ts';

type Props = { value: Refinement; onChange: (next: Partial<Refinement>) => void };

/** One end of a range of prices; asked for when it is left, or with Enter. */
function PriceField({
  label,
  euros,
  onCommit,
  ...input
}: ComponentProps<'input'> & {
  label: string;
  euros: number | undefined;
  onCommit: (euros?: number) => void;
}) {
  return (
    <input
      {...input}
      // Cleared from elsewhere, it is empty again.
      key={euros}
      type="number"
      inputMode="decimal"
      min={0}
      step="any"
      aria-label={label}
      defaultValue={euros}
      className="field w-full rounded-full sm:w-24"
      onBlur={({ currentTarget }) => {
        const typed = currentTarget.value === '' ? undefined : currentTarget.valueAsNumber;
        if (typed !== euros) onCommit(typed);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
      }}
    />
  );
}

/** Price, rating, in stock: what narrows a list of products. */
export function ProductFilters({ value, onChange }: Props) {
  const { min, max, rating, stock } = value;
  const narrowed = [min, max, rating, stock].some((each) => each !== undefined);
  return (
    <fieldset
      aria-label="Filters"
      className="grid grid-cols-2 items-center gap-x-5 gap-y-3 text-sm sm:flex sm:flex-wrap"
    >
      <span className="col-span-2 flex items-center gap-2">
        <span className="text-muted">€</span>
        <PriceField
          label="Price from, in euros"
          placeholder="from"
          euros={min}
          onCommit={(euros) => onChange({ min: euros })}
        />
        <span aria-hidden className="text-muted">
          –
        </span>
        <PriceField
          label="Price to, in euros"
          placeholder="to"
          euros={max}
          onCommit={(euros) => onChange({ max: euros })}
        />
      </span>
      <select
        aria-label="Rating"
        value={rating ?? ''}
        onChange={({ target }) => onChange({ rating: Number(target.value) || undefined })}
        className="field rounded-full pr-8 sm:w-auto"
      >
        <option value="">Any rating</option>
        {ratings.map((stars) => (
          <option key={stars} value={stars}>
            {stars} stars and up
          </option>
        ))}
      </select>
      <label className="flex min-h-11 items-center gap-2.5">
        <input
          type="checkbox"
          checked={stock ?? false}
          onChange={({ target }) => onChange({ stock: target.checked || undefined })}
          className="size-5 accent-accent"
        />
        In stock
      </label>
      {narrowed && (
        <button
          type="button"
          className="link min-h-11 justify-self-start"
          onClick={() => onChange({ min: undefined, max: undefined, rating: undefined, stock: undefined })}
        >
          Clear filters
        </button>
      )}
    </fieldset>
  );
}
