import type { Snapshot } from '../shared/snapshot.ts';
import { cores, figure, gigabytes } from './format.ts';
import { Sparkline } from './sparkline.tsx';
import { totalsOf } from './totals.ts';

/** The topology in four large figures, each with its last minute. */
export function Figures({ history }: { history: Snapshot[] }) {
  const totals = history.map(totalsOf);
  const now = totals.at(-1);
  if (!now) return null;
  const short = now.all - now.well;
  return (
    <dl className="figures-row">
      <Figure
        label="Containers at work"
        value={String(now.well)}
        unit={`of ${now.all}`}
        note={short === 0 ? 'all of them' : `${short} not at work`}
        alarm={short > 0}
        points={totals.map(({ well }) => well)}
      />
      <Figure
        label="Requests at the edges"
        value={now.requests === undefined ? '–' : figure(now.requests)}
        unit="a second"
        note="measured every 30 s"
        points={totals.map(({ requests }) => requests ?? 0)}
      />
      <Figure
        label="Processor"
        value={cores(now.cores)}
        unit="cores"
        note="over the last second"
        points={totals.map((total) => total.cores)}
      />
      <Figure
        label="Memory"
        value={gigabytes(now.memoryBytes)}
        unit="GB"
        note="without the page cache"
        points={totals.map(({ memoryBytes }) => memoryBytes)}
      />
    </dl>
  );
}

type FigureProps = {
  label: string;
  value: string;
  unit: string;
  note: string;
  alarm?: boolean;
  points: number[];
};

function Figure({ label, value, unit, note, alarm, points }: FigureProps) {
  return (
    <div className="panel figure">
      <dt className="text-sm text-muted">{label}</dt>
      <dd>
        <span className="font-display text-4xl tabular-nums">{value}</span>{' '}
        <span className="text-sm text-muted">{unit}</span>
        <span className={`block text-sm ${alarm ? 'font-semibold text-danger' : 'text-muted'}`}>{note}</span>
      </dd>
      <Sparkline points={points} />
    </div>
  );
}
