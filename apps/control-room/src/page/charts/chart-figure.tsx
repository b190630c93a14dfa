import { useRef } from 'react';
import type { Chart, Line } from '../../shared/charts.ts';
import { dashes, Plot } from './plot.tsx';
import { amount, gapOf, highestOf, type Mark, newestOf, silenceOf, timeOf } from './words.ts';

type Props = {
  chart: Chart;
  times: number[];
  marks: Mark[];
  /** Whether Prometheus has only begun to measure. */
  collecting: boolean;
  /** The index of the time under the pointer. */
  pointed: number | undefined;
  onPoint: (index: number | undefined) => void;
};

/** A chart with its unit and, as text, the newest and the highest value of each line. */
export function ChartFigure({ chart, times, marks, collecting, pointed, onPoint }: Props) {
  const legend = useRef<HTMLUListElement>(null);
  const { id, title, unit, note, lines, leftOut } = chart;
  const waits = collecting && lines.length === 0;
  const gap = waits ? undefined : gapOf(chart, times);
  return (
    <figure className="panel chart" aria-labelledby={`chart-${id}`} data-chart={id}>
      <figcaption>
        <h3 id={`chart-${id}`} className="text-base">
          {title}, <span className="unit">{unit}</span>
        </h3>
        <p className="text-sm text-muted">{note}</p>
        {waits && <p className="text-sm">Collecting: the first figures come within two minutes.</p>}
        {gap && <p className="gap">{gap}</p>}
      </figcaption>
      {lines.length > 0 && (
        <>
          <Plot
            key={lines.map(({ name }) => name).join()}
            chart={chart}
            times={times}
            legend={legend}
            onPoint={onPoint}
          >
            {marks.map((mark, index) => (
              <span
                key={mark.id}
                className="mark"
                data-action={mark.id}
                data-fault={mark.isFault}
                data-side={mark.place > 0.95 ? 'left' : 'right'}
                style={{ left: `${mark.place * 100}%` }}
              >
                {/* Neighbours do not write on each other. */}
                <span style={{ top: `${index % 4}rem` }}>{mark.id}</span>
              </span>
            ))}
          </Plot>
          <div>
            <p className="legend-head" aria-hidden>
              <span>{pointed === undefined ? 'newest' : timeOf(times[pointed]!)}</span> <span>highest</span>
            </p>
            <ul ref={legend} className="legend" aria-label={`${title}: newest and highest, in ${unit}`}>
              {lines.map((line, index) => (
                <Entry key={line.name} line={line} index={index} times={times} pointed={pointed} />
              ))}
            </ul>
            {leftOut > 0 && <p className="text-sm text-muted">And {leftOut} with lower values.</p>}
          </div>
        </>
      )}
    </figure>
  );
}

type EntryProps = { line: Line; index: number; times: number[]; pointed: number | undefined };

function Entry({ line, index, times, pointed }: EntryProps) {
  const newest = newestOf(line);
  const value = pointed === undefined ? newest : line.values[pointed];
  return (
    <li data-line={line.name} data-newest={newest}>
      <svg className={`swatch line-${index}`} viewBox="0 0 24 4" aria-hidden>
        <line x1="0" x2="24" y1="2" y2="2" strokeDasharray={dashes[index]!.join(' ')} />
      </svg>
      <span className="line-name">{line.name}</span>
      <span className="value">
        {value !== undefined && value !== null
          ? amount(value)
          : pointed === undefined
            ? silenceOf(line, times)
            : '–'}
      </span>
      <span className="value text-muted">
        <span className="sr-only">, highest </span>
        {amount(highestOf(line))}
      </span>
    </li>
  );
}
