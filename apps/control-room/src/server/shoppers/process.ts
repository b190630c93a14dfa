import { longestMs } from '../../shared/shoppers.ts';
import { Crowd } from './crowd.ts';
import type { Order, Report } from './messages.ts';

// The process of the shoppers: load and checkers beside the server, so that the page stays smooth. It ends with the
// control room, after a stop, or after its longest time.
const crowd = new Crowd();
const looking = new AbortController();
const looks = crowd.run(looking.signal);
const tell = (report: Report) => void process.send?.(report);
const tellVerdict = () => tell({ verdict: crowd.verdict });

process.on('disconnect', () => process.exit());
process.on('message', (order: Order) => {
  if ('struck' in order) crowd.struck(order.struck);
  else if ('shape' in order)
    crowd.shape(order.shape).then(
      () => tell({ shaped: true }),
      (error: Error) => tell({ refused: error.message }),
    );
  else void stop();
});
setInterval(tellVerdict, 1_000);
setTimeout(() => {
  tell({ stopping: `after ${longestMs / 60_000} minutes` });
  void stop();
}, longestMs);

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  looking.abort();
  await looks;
  await crowd.stop();
  process.send?.({ verdict: crowd.verdict } satisfies Report, () => process.disconnect());
}
