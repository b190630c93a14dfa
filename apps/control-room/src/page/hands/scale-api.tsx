/** How many API replicas there are, and one more or one less. */
export function ScaleApi({ count, onScale }: { count: number; onScale: (count: number) => void }) {
  return (
    <fieldset className="flex items-center gap-2">
      <legend className="float-left text-sm text-muted">API replicas</legend>
      <button
        type="button"
        className="button-quiet"
        disabled={count <= 1}
        aria-label="One replica less"
        onClick={() => onScale(count - 1)}
      >
        −
      </button>
      <output className="min-w-5 text-center font-semibold tabular-nums">{count}</output>
      <button
        type="button"
        className="button-quiet"
        disabled={count >= 9}
        aria-label="One replica more"
        onClick={() => onScale(count + 1)}
      >
        +
      </button>
    </fieldset>
  );
}
