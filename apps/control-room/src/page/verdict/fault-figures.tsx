import type { News } from '../../shared/snapshot.ts';
import { minutes, seconds } from './words.ts';

/** When the last fault struck, and how long the shoppers felt it. */
export function FaultFigures({ news: { at, actions, shoppers } }: { news: News }) {
  const fault = actions.find(({ isFault }) => isFault);
  const failovers = shoppers.verdict?.failovers ?? [];
  const felt = failovers.findLast(({ lengthMs }) => lengthMs !== undefined);
  return (
    <div className="fault-figures">
      <dl>
        <div>
          <dt>Since the last fault</dt>
          <dd>
            <span className="fault-figure">{fault ? minutes(at - fault.at) : '–'}</span>
            <span className="text-sm text-muted">{fault?.name ?? 'none from this page'}</span>
          </dd>
        </div>
        <div>
          <dt>Last failover</dt>
          <dd>
            <span className="fault-figure">
              {felt ? seconds(felt.lengthMs!) : '–'}
              {felt && <small> s</small>}
            </span>
            <span className="text-sm text-muted">
              {felt ? `${felt.running ? 'so far, after' : 'after'} ${felt.fault}` : 'no fault was felt'}
            </span>
          </dd>
        </div>
      </dl>
      <p className="text-sm text-muted">
        A failover lasts from the first operation after a fault that failed, was repeated or took longer than
        a second, until the last such operation has ended. Three seconds without one end it.
      </p>
    </div>
  );
}
