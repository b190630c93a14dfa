/** The course of a figure over the last minute, from zero; decoration beside the figure itself. */
export function Sparkline({ points }: { points: number[] }) {
  const top = Math.max(...points, 1e-9);
  const line = points
    .map(
      (value, index) =>
        `${(60 - points.length + index + 1).toFixed(1)},${(19 - (value / top) * 17).toFixed(2)}`,
    )
    .join(' ');
  return (
    <svg className="sparkline" viewBox="0 0 60 20" preserveAspectRatio="none" aria-hidden>
      <polyline points={line} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
