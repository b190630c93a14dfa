import type { BrokenBuild } from '../../shared/actions.ts';
import { judgementOf, type Shape } from '../../shared/shoppers.ts';
import type { News } from '../../shared/snapshot.ts';
import { BrokenBuilds } from '../hands/broken-builds.tsx';
import { CounterexampleCard } from './counterexample-card.tsx';
import { FaultFigures } from './fault-figures.tsx';
import { ShopperControls } from './shopper-controls.tsx';
import { TallyFigures } from './tally-figures.tsx';
import { headline, progress } from './words.ts';

type Props = {
  news: News;
  onShape: (shape: Shape) => void;
  onStop: () => void;
  onBreak: (build: BrokenBuild) => void;
  onUndo: (id: number) => void;
};

/** The shoppers, and what the checkers say of their history until now. */
export function VerdictPanel({ news, onShape, onStop, onBreak, onUndo }: Props) {
  const { shoppers } = news;
  const { verdict } = shoppers;
  return (
    <div className="panel verdict" data-judgement={judgementOf(verdict?.tally)}>
      <div className="verdict-top">
        <div>
          <p className="verdict-headline" role="status">
            {headline(shoppers)}
          </p>
          <p className="mt-1 text-sm text-muted">{progress(shoppers)}</p>
          {verdict?.trouble && shoppers.state !== 'stopped' && (
            <p className="mt-1 text-sm text-warn">{verdict.trouble}</p>
          )}
        </div>
        <ShopperControls shoppers={shoppers} onShape={onShape} onStop={onStop} />
      </div>
      {verdict && <TallyFigures tally={verdict.tally} />}
      {verdict && <FaultFigures news={news} />}
      {verdict && verdict.counterexamples.length > 0 && (
        <ul className="counterexamples" aria-label="Counterexamples">
          {verdict.counterexamples.map((found) => (
            <CounterexampleCard key={`${found.kind} ${found.at} ${found.seen}`} found={found} />
          ))}
        </ul>
      )}
      <BrokenBuilds actions={news.actions} onBreak={onBreak} onUndo={onUndo} />
    </div>
  );
}
