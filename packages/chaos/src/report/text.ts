import { quantile, readable } from '@shop/report/figures.ts';
import { right, table } from '@shop/report/table.ts';
import type { History } from '../workload/history.ts';
import { type FaultFigures, timelineOf } from './figures.ts';

/** A longer text would not be read. */
const maxLines = 60;
const barWidth = 24;

/** A run as text: its events in order, with each fault where it struck. */
export function timelineText(history: History): string {
  const seconds = timelineOf(history).length;
  const buckets = timelineOf(history, Math.ceil(seconds / maxLines) * 1_000);
  const most = Math.max(...buckets.map(({ perSecond }) => perSecond));
  const rows = buckets.map(({ fromMs, perSecond, p50Ms, p99Ms, errorsPerSecond, faults }) => [
    `${fromMs / 1_000} s`,
    perSecond.toFixed(0),
    '█'.repeat(Math.round((perSecond / most) * barWidth)),
    readable(p50Ms),
    readable(p99Ms),
    errorsPerSecond === 0 ? '' : errorsPerSecond.toFixed(1),
    faults.join(', '),
  ]);
  const numbers = (...heads: string[]) => heads.map(right);
  return table([...numbers('from', 'answers/s'), '', ...numbers('p50', 'p99', 'errors/s'), 'fault'], rows);
}

/** The faults of one or several runs in a table. @param seeds how many runs each line sums up. */
export function faultTable(figures: FaultFigures[], seeds?: Map<string, number>): string {
  const counts = ['tried', 'failed', 'retried', 'lost', 'doubled'];
  const times = ['longest stall', 'p50', 'p99', 'p99.9'];
  const rows = figures.map(({ fault, tried, failed, retried, lost, doubled, latenciesMs }) => [
    fault,
    ...[tried, failed, retried, lost, doubled],
    readable(latenciesMs.at(-1)),
    ...[0.5, 0.99, 0.999].map((share) => readable(quantile(latenciesMs, share))),
    ...(seeds ? [seeds.get(fault) ?? 0] : []),
  ]);
  return table(['fault', ...[...counts, ...times, ...(seeds ? ['seeds'] : [])].map(right)], rows);
}
