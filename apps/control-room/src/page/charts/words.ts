import type { Action } from '../../shared/actions.ts';
import type { Chart, Charts, Line } from '../../shared/charts.ts';

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
/** 22:41:15 of the reader's own day. */
export const timeOf = (ms: number) => clock.format(ms);

const digits = [2, 1, 0].map(
  (maximumFractionDigits) => new Intl.NumberFormat('en-GB', { maximumFractionDigits }),
);
/** Three digits at most before ten thousand: `0.04`, `1.25`, `31.4`, `1,250`. */
export const amount = (value: number) => digits[value < 10 ? 0 : value < 100 ? 1 : 2]!.format(value);

/** The newest value of a line; undefined when Prometheus had none at the newest moment. */
export const newestOf = ({ values }: Line) => values.at(-1) ?? undefined;

/** The highest of its values. */
export const highestOf = ({ values }: Line) => Math.max(...values.filter((value) => value !== null));

/** Until when a line has had values, in words. */
export function silenceOf({ values }: Line, times: Charts['times']): string {
  const last = values.findLastIndex((value) => value !== null);
  return `until ${timeOf(times[last]!)}`;
}

/** What a chart without a newest value says instead of looking calm; undefined when it has one. */
export function gapOf({ lines }: Pick<Chart, 'lines'>, times: Charts['times']): string | undefined {
  if (lines.some((line) => newestOf(line) !== undefined)) return undefined;
  const last = Math.max(...lines.map(({ values }) => values.findLastIndex((value) => value !== null)));
  return lines.length === 0
    ? `No data since ${timeOf(times[0]!)}, or longer.`
    : `No data since ${timeOf(times[last]!)}.`;
}

/** Prometheus needs two samples for a rate, and takes them every 30 s. */
const collectingMs = 120_000;

/**
 * Whether Prometheus has only begun to measure, as on a shop that has just started: a chart without data is then no sign
 * of a failure. One that answers always measures itself, so without any value it has just begun.
 */
export function isCollecting({ times, charts }: Charts): boolean {
  const firsts = charts.flatMap(({ lines }) =>
    lines.map(({ values }) => values.findIndex((value) => value !== null)),
  );
  return firsts.length === 0 || times.at(-1)! - times[Math.min(...firsts)]! < collectingMs;
}

/** An action of the timeline, and where it is on a chart. */
export interface Mark {
  id: number;
  name: string;
  at: number;
  isFault: boolean;
  /** 0 is the left end of the chart, 1 the right one. */
  place: number;
}

/**
 * The actions of the window, the oldest first. One that is newer than the newest value is at the right end until the
 * charts have caught up.
 */
export function marksOf(actions: readonly Action[], times: Charts['times']): Mark[] {
  const [from, to] = [times[0]!, times.at(-1)!];
  return actions
    .filter(({ at }) => at >= from)
    .map(({ id, name, at, isFault }) => ({
      id,
      name,
      at,
      isFault,
      place: Math.min(1, (at - from) / (to - from)),
    }))
    .toReversed();
}
