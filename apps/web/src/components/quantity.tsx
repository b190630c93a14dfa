import { maxQuantity } from '@shop/contracts/values.ts';
import { Minus, Plus } from 'lucide';
import { useId, useState } from 'react';
import { typedNumber } from '../forms/typed-number.ts';
import { Icon } from './icon.tsx';

type Props = {
  value: number;
  name: string;
  onChange: (quantity: number) => void;
  /** The plus button, where it does not set a number: it adds to the quantity that the cart then has. */
  onOneMore?: () => void;
};

/** The quantity of a product: two buttons, and between them a number that can also be typed. */
export function QuantityField({ value, name, onChange, onOneMore }: Props) {
  const errorId = useId();
  // A typed text that is not a quantity, until it is corrected; it belongs to the value that it did not replace.
  const [refused, setRefused] = useState<{ text: string; value: number }>();
  const isRefused = refused?.value === value;
  const button = 'grid size-11 place-items-center rounded-full hover:bg-sunken disabled:opacity-35';

  function take(text: string): void {
    const typed = typedNumber(text);
    const isQuantity = typed !== undefined && typed >= 1 && typed <= maxQuantity;
    setRefused(isQuantity ? undefined : { text, value });
    if (isQuantity && typed !== value) onChange(typed);
  }
  function step(by: 1 | -1): void {
    setRefused(undefined);
    if (by === 1 && onOneMore) onOneMore();
    else onChange(value + by);
  }
  return (
    <div>
      <fieldset
        aria-label={`Quantity of ${name}`}
        className={`inline-flex items-center rounded-full border ${isRefused ? 'border-danger' : 'border-line'}`}
      >
        <button
          type="button"
          className={button}
          disabled={value <= 1}
          onClick={() => step(-1)}
          aria-label="One less"
        >
          <Icon of={Minus} size={16} />
        </button>
        <input
          // A new value from outside replaces what was typed.
          key={`${value} ${isRefused}`}
          defaultValue={isRefused ? refused.text : value}
          inputMode="numeric"
          autoComplete="off"
          maxLength={6}
          aria-label="Quantity"
          aria-invalid={isRefused}
          aria-describedby={isRefused ? errorId : undefined}
          className="w-9 bg-transparent text-center tabular-nums"
          onBlur={({ currentTarget }) => take(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.currentTarget.blur();
          }}
        />
        <button
          type="button"
          className={button}
          disabled={value >= maxQuantity}
          onClick={() => step(1)}
          aria-label="One more"
        >
          <Icon of={Plus} size={16} />
        </button>
      </fieldset>
      {isRefused && (
        <p id={errorId} role="alert" className="mt-1.5 text-sm text-danger">
          A whole number from 1 to {maxQuantity}, please.
        </p>
      )}
    </div>
  );
}
