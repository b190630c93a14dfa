import { type Tally, violations } from '../../shared/shoppers.ts';
import { labels } from './words.ts';

const whole = new Intl.NumberFormat('en-GB');

/** The figures of the checkers, the broken promises first. */
export function TallyFigures({ tally }: { tally: Tally }) {
  return (
    <div className="tally">
      <dl className="tally-promises">
        {violations.map((kind) => (
          <div key={kind} data-zero={tally[kind] === 0}>
            <dt>{labels[kind]}</dt>
            <dd>{whole.format(tally[kind])}</dd>
          </div>
        ))}
      </dl>
      <dl className="tally-load">
        {(['operations', 'failed', 'retries', 'acknowledged', 'compared'] as const).map((kind) => (
          <div key={kind} data-alarm={kind === 'failed' && tally.failed > 0}>
            <dt>{labels[kind]}</dt>
            <dd>{whole.format(tally[kind])}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
