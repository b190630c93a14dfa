import { useState } from 'react';
import { mixNames, mostPerSecond, type Shape, type ShoppersNews } from '../../shared/shoppers.ts';

const says: Record<Shape['mix'], string> = {
  usual: 'Usual',
  browsing: 'Browsing',
  buying: 'Buying',
};

type Props = { shoppers: ShoppersNews; onShape: (shape: Shape) => void; onStop: () => void };

/** Rate and mix of the shoppers, and the buttons that start, shape and stop them. */
export function ShopperControls({ shoppers: { state, shape }, onShape, onStop }: Props) {
  const [wanted, want] = useState<Shape>(shape ?? { perSecond: 10, mix: 'usual' });
  const shopping = state === 'shopping';
  const isNew = wanted.perSecond !== shape?.perSecond || wanted.mix !== shape?.mix;
  return (
    <form
      className="shopper-controls"
      onSubmit={(event) => {
        event.preventDefault();
        onShape(wanted);
      }}
    >
      <label className="rate">
        <span>
          Rate <output className="font-semibold tabular-nums">{wanted.perSecond} a second</output>
        </span>
        <input
          type="range"
          min={1}
          max={mostPerSecond}
          value={wanted.perSecond}
          aria-label="Operations a second"
          onChange={({ target }) => want({ ...wanted, perSecond: target.valueAsNumber })}
        />
      </label>
      <fieldset className="mixes">
        <legend className="sr-only">Mix</legend>
        {mixNames.map((mix) => (
          <label key={mix}>
            <input
              type="radio"
              name="mix"
              className="sr-only"
              checked={wanted.mix === mix}
              onChange={() => want({ ...wanted, mix })}
            />
            {says[mix]}
          </label>
        ))}
      </fieldset>
      <div className="flex gap-2">
        <button
          type="submit"
          className="button-strong"
          disabled={state === 'starting' || state === 'stopping' || (shopping && !isNew)}
        >
          {shopping ? 'Apply' : 'Start shoppers'}
        </button>
        <button type="button" className="button-quiet" disabled={!shopping} onClick={onStop}>
          Stop
        </button>
      </div>
    </form>
  );
}
