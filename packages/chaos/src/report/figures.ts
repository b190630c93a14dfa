import { quantileSorted } from 'simple-statistics';
import type { FaultMark, History, Operation } from '../workload/history.ts';

/** What came to an end within a bucket of time, counted from the start of the run. */
export type Bucket = {
  fromMs: number;
  perSecond: number;
  p50Ms: number | null;
  p99Ms: number | null;
  errorsPerSecond: number;
  /** What struck within it. */
  faults: string[];
};

/** A run, cut into buckets of equal length. */
export function timelineOf(history: History, bucketMs = 1_000): Bucket[] {
  const lengthMs = Math.max(0, ...history.operations.map(({ endedAt }) => endedAt - history.startedAt));
  return Array.from({ length: Math.ceil((lengthMs + 1) / bucketMs) }, (_, index) => {
    const from = history.startedAt + index * bucketMs;
    const within = (time: number) => time >= from && time < from + bucketMs;
    const ended = history.operations.filter(({ endedAt }) => within(endedAt));
    const latencies = latenciesOf(ended);
    return {
      fromMs: index * bucketMs,
      perSecond: (ended.length / bucketMs) * 1_000,
      p50Ms: quantile(latencies, 0.5),
      p99Ms: quantile(latencies, 0.99),
      errorsPerSecond: (ended.filter(({ outcome }) => outcome !== 'ok').length / bucketMs) * 1_000,
      faults: history.faults.filter(({ at }) => within(at)).map(({ what }) => what),
    };
  });
}

/** What the shoppers felt of one fault: of the operations in progress from its strike until it was recovered from. */
export type FaultFigures = {
  fault: string;
  tried: number;
  failed: number;
  /** Operations that needed more than one attempt of the client. */
  retried: number;
  /** Acknowledged orders that are gone, and orders that are there once too often. */
  lost: number;
  doubled: number;
  /** Sorted, so that the figures of several runs can be put together. */
  latenciesMs: number[];
};

export function figuresOf(
  history: History,
  fault: FaultMark,
  { lost, doubled }: { lost: Operation[]; doubled: Operation[] },
): FaultFigures {
  const inProgress = ({ startedAt, endedAt }: Operation) =>
    endedAt >= fault.at && startedAt <= (fault.until ?? Number.POSITIVE_INFINITY);
  const tried = history.operations.filter(inProgress);
  return {
    fault: fault.what,
    tried: tried.length,
    failed: tried.filter(({ outcome }) => outcome !== 'ok').length,
    retried: tried.filter(({ retries }) => retries > 0).length,
    lost: lost.filter(inProgress).length,
    doubled: doubled.filter(inProgress).length,
    latenciesMs: latenciesOf(tried),
  };
}

/** An upload waits for a job and a login makes four calls: neither says how long the shop takes to answer. */
function latenciesOf(operations: Operation[]): number[] {
  return operations
    .filter(({ kind }) => kind !== 'upload' && kind !== 'login')
    .map(({ startedAt, endedAt }) => endedAt - startedAt)
    .sort((a, b) => a - b);
}

/** @param sorted in ascending order. */
export function quantile(sorted: number[], share: number): number | null {
  return sorted.length === 0 ? null : quantileSorted(sorted, share);
}

/** Milliseconds as a person reads them. */
export function readable(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
