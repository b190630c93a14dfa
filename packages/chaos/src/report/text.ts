import { markdownTable } from 'markdown-table';
import type { History } from '../workload/history.ts';
import { type FaultFigures, quantile, readable, timelineOf } from './figures.ts';

/** More lines than this are not read. */
const maxLines = 60;
const barWidth = 24;

/** A run as text: what happened when, with each fault where it struck. */
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
  const heads = ['from', 'answers/s', '', 'p50', 'p99', 'errors/s', 'fault'];
  return markdownTable([heads, ...rows], { align: ['r', 'r', 'l', 'r', 'r', 'r', 'l'] });
}

/** The faults of one or several runs in a table. @param seeds how many runs each line is made of. */
export function faultTable(figures: FaultFigures[], seeds?: Map<string, number>): string {
  const heads = [
    'fault',
    'tried',
    'failed',
    'retried',
    'lost',
    'doubled',
    'longest stall',
    'p50',
    'p99',
    'p99.9',
  ];
  const rows = figures.map(({ fault, tried, failed, retried, lost, doubled, latenciesMs }) => [
    fault,
    ...[tried, failed, retried, lost, doubled].map(String),
    readable(latenciesMs.at(-1)),
    ...[0.5, 0.99, 0.999].map((share) => readable(quantile(latenciesMs, share))),
    ...(seeds ? [String(seeds.get(fault) ?? 0)] : []),
  ]);
  const align = ['l', ...heads.slice(1).map(() => 'r'), 'r'];
  return markdownTable([seeds ? [...heads, 'seeds'] : heads, ...rows], { align });
}
