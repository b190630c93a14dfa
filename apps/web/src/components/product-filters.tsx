import { useId, useState } from 'react';
import { typedNumber, writtenNumber } from '../forms/typed-number.ts';
import { maxEuros, type Refinement, ratings } from './refinement.ts';

type Props = { value: Refinement; onChange: (next: Partial<Refinement>) => void };

type PriceEndProps = {
  label: string;
  placeholder: string;
  euros: number | undefined;
  onCommit: (euros?: number) => void;
};

const writeEuros = (euros: number) => writtenNumber(euros, Number.isInteger(euros) ? 0 : 2);

/** The lower or upper limit of the price; it takes effect when the field is left, or with Enter. */
function PriceEnd({ label, placeholder, euros, onCommit }: PriceEndProps) {
  const errorId = useId();
  const [refused, setRefused] = useState(false);

  function take(text: string): void {
    const typed = typedNumber(text, { fractionDigits: 2 });
    const isRefusedNow = typed !== undefined && !(typed >= 0 && typed <= maxEuros);
    setRefused(isRefusedNow);
    if (!isRefusedNow && typed !== euros) onCommit(typed);
  }
  return (
    <div className="w-full sm:w-24">
      <input
        // When the filter is cleared elsewhere, the field is empty again.
        key={euros}
        inputMode="decimal"
        autoComplete="off"
        aria-label={label}
        aria-invalid={refused}
        aria-describedby={refused ? errorId : undefined}
        placeholder={placeholder}
        defaultValue={euros === undefined ? undefined : writeEuros(euros)}
        className="field w-full rounded-full"
        onBlur={({ currentTarget }) => take(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
        }}
      />
      {refused && (
        <p id={errorId} role="alert" className="mt-1 px-2 text-xs text-danger">
          Like {writtenNumber(1234.5, 2)}, please.
        </p>
      )}
    </div>
  );
}

/** Price, rating and stock: the filters of a list of products. */
export function ProductFilters({ value, onChange }: Props) {
  const { min, max, rating, stock } = value;
  const narrowed = [min, max, rating, stock].some((each) => each !== undefined);
  return (
    <fieldset
      aria-label="Filters"
      className="grid grid-cols-2 items-center gap-x-5 gap-y-3 text-sm sm:flex sm:flex-wrap"
    >
      <div className="col-span-2 flex items-start gap-2">
        <span className="leading-11 text-muted">€</span>
        <PriceEnd
          label="Price from, in euros"
          placeholder="from"
          euros={min}
          onCommit={(euros) => onChange({ min: euros })}
        />
        <span aria-hidden className="leading-11 text-muted">
          –
        </span>
        <PriceEnd
          label="Price to, in euros"
          placeholder="to"
          euros={max}
          onCommit={(euros) => onChange({ max: euros })}
        />
      </div>
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
