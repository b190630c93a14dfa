import { quantile } from '@shop/report/figures.ts';
import type { FaultMark, History, Operation } from '../workload/history.ts';

/** The operations that ended within a bucket of time, counted from the start of the run. */
export type Bucket = {
  fromMs: number;
  perSecond: number;
  p50Ms: number | null;
  p99Ms: number | null;
  errorsPerSecond: number;
  /** The faults that struck within it. */
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

/** The effects of one fault on shoppers: on the operations in progress from the strike until the recovery. */
export type FaultFigures = {
  fault: string;
  tried: number;
  failed: number;
  /** Operations that needed more than one attempt of the client. */
  retried: number;
  /** Acknowledged orders that are missing, and orders that exist too often. */
  lost: number;
  doubled: number;
  /** Sorted, so that the figures of several runs can be merged. */
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

/** An upload waits for a job, and a login makes four calls: neither shows how long the shop takes to answer. */
function latenciesOf(operations: Operation[]): number[] {
  return operations
    .filter(({ kind }) => kind !== 'upload' && kind !== 'login')
    .map(({ startedAt, endedAt }) => endedAt - startedAt)
    .sort((a, b) => a - b);
}
