import type { Scaling } from '../../shared/snapshot.ts';

type Props = { scaling: Scaling; onScale: (count: number) => void };

/** How many API replicas there are, or how many an autoscaler keeps at the fewest, and one more or one less. */
export function ScaleApi({ scaling: { wanted, most, autoscaled }, onScale }: Props) {
  return (
    <fieldset className="flex items-center gap-2">
      <legend className="float-left text-sm text-muted">
        {autoscaled ? `Fewest API replicas (up to ${most} under load)` : 'API replicas'}
      </legend>
      <button
        type="button"
        className="button-quiet"
        disabled={wanted <= 1}
        aria-label="One replica less"
        onClick={() => onScale(wanted - 1)}
      >
        −
      </button>
      <output className="min-w-5 text-center font-semibold tabular-nums">{wanted}</output>
      <button
        type="button"
        className="button-quiet"
        disabled={wanted >= most}
        aria-label="One replica more"
        onClick={() => onScale(wanted + 1)}
      >
        +
      </button>
    </fieldset>
  );
}
