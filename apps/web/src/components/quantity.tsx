import { Minus, Plus } from 'lucide';
import { maxQuantity } from '../api/limits.ts';
import { Icon } from './icon.tsx';

type Props = { value: number; name: string; onChange: (quantity: number) => void };

/** How many of a thing: two buttons and a number between them that can be typed, too. */
export function QuantityField({ value, name, onChange }: Props) {
  const step = 'grid size-11 place-items-center rounded-full hover:bg-sunken disabled:opacity-35';
  return (
    <fieldset
      aria-label={`Quantity of ${name}`}
      className="inline-flex items-center rounded-full border border-line"
    >
      <button
        type="button"
        className={step}
        disabled={value <= 1}
        onClick={() => onChange(value - 1)}
        aria-label="One less"
      >
        <Icon of={Minus} size={16} />
      </button>
      <input
        // A new value from elsewhere takes the place of what was typed.
        key={value}
        defaultValue={value}
        inputMode="numeric"
        maxLength={2}
        aria-label="Quantity"
        className="w-9 bg-transparent text-center tabular-nums"
        onBlur={({ currentTarget }) => {
          const typed = Number.parseInt(currentTarget.value, 10);
          if (typed >= 1 && typed <= maxQuantity) {
            if (typed !== value) onChange(typed);
          } else currentTarget.value = String(value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
        }}
      />
      <button
        type="button"
        className={step}
        disabled={value >= maxQuantity}
        onClick={() => onChange(value + 1)}
        aria-label="One more"
      >
        <Icon of={Plus} size={16} />
      </button>
    </fieldset>
  );
}
