import type { Place } from '../shared/place.ts';
import type { Snapshot } from '../shared/snapshot.ts';
import { cores, figure, gigabytes } from './format.ts';
import { capital, wordsOf } from './place-words.ts';
import { Sparkline } from './sparkline.tsx';
import { totalsOf } from './totals.ts';

/** The topology in four large figures, each with its last minute. */
export function Figures({ history, place }: { history: Snapshot[]; place: Place }) {
  const words = wordsOf(place);
  const totals = history.map(totalsOf);
  const now = totals.at(-1);
  if (!now) return null;
  const short = now.all - now.well;
  return (
    <dl className="figures-row">
      <Figure
        label={`${capital(words.many)} at work`}
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
        note={place.absent.rates ? `none here: ${place.absent.rates}` : 'measured every 30 s'}
        points={known(totals.map(({ requests }) => requests))}
      />
      <Figure
        label="Processor"
        value={now.cores === undefined ? '–' : cores(now.cores)}
        unit="cores"
        note={words.cores}
        points={known(totals.map((total) => total.cores))}
      />
      <Figure
        label="Memory"
        value={now.memoryBytes === undefined ? '–' : gigabytes(now.memoryBytes)}
        unit="GB"
        note={words.memory}
        points={known(totals.map(({ memoryBytes }) => memoryBytes))}
      />
    </dl>
  );
}

/** What was not measured is no point, and no zero. */
const known = (values: (number | undefined)[]) => values.filter((value) => value !== undefined);

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
