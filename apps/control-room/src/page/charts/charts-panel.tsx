import 'uplot/dist/uPlot.min.css';
import './charts.css';
import { useState } from 'react';
import type { Action } from '../../shared/actions.ts';
import type { Charts } from '../../shared/charts.ts';
import { usePolled } from '../use-polled.ts';
import { ChartFigure } from './chart-figure.tsx';
import { isCollecting, type Mark, marksOf, timeOf } from './words.ts';

/** New values come every 15 s; a silence is noticed sooner. */
const pauseMs = 5_000;

/** The last 15 minutes as Prometheus has measured them, with everything that was done from a page. */
export default function ChartsPanel({ actions }: { actions: readonly Action[] }) {
  const news = usePolled<Charts>('/charts', pauseMs);
  const [pointed, setPointed] = useState<number>();
  if (!news) return <p className="text-muted">Asking Prometheus…</p>;
  if ('silent' in news) {
    return (
      <div className="panel charts-silent" role="status">
        <p className="call">{news.silent}</p>
        <p className="mt-1 text-sm text-muted">
          So there are no charts now. They come back, with a gap, when it answers again.
        </p>
      </div>
    );
  }
  const { times, charts } = news;
  const marks = marksOf(actions, times);
  const collecting = isCollecting(news);
  return (
    <>
      <p className="text-sm text-muted">
        Until {timeOf(times.at(-1)!)}. Prometheus measures the shop’s own programs every 15 s, all others
        every 30 s.
      </p>
      <Marks marks={marks} />
      <div className="charts">
        {charts.map((chart) => (
          <ChartFigure
            key={chart.id}
            chart={chart}
            times={times}
            marks={marks}
            collecting={collecting}
            pointed={pointed}
            onPoint={setPointed}
          />
        ))}
      </div>
    </>
  );
}

/** What the numbers on the vertical lines mean. */
function Marks({ marks }: { marks: Mark[] }) {
  if (marks.length === 0)
    return <p className="text-sm text-muted">What you do is marked on every chart by a vertical line.</p>;
  return (
    <ul className="marks" aria-label="Marked on every chart">
      {marks.map(({ id, name, at, isFault }) => (
        <li key={id} data-fault={isFault}>
          <span className="mark-number">{id}</span> {name}{' '}
          <time className="text-muted" dateTime={new Date(at).toISOString()}>
            {timeOf(at)}
          </time>
        </li>
      ))}
    </ul>
  );
}
