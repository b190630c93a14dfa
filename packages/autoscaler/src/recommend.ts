/** One replica as the rule sees it. `value` is undefined while it has not been measured. */
export type MeasuredReplica = { name: string; ready: boolean; value: number | undefined };

/**
 * `average` is over the replicas that were measured and are ready, before any correction; `ratio` is that average
 * divided by the target.
 */
export type Recommendation = { replicas: number; average: number; ratio: number };

/**
 * How many replicas bring the average of a metric to its target: ceil(current × average / target), and the present number
 * when the ratio is within the tolerance. The corrections are those of "Algorithm details" in
 * https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/:
 *
 * - A replica without a measurement counts as exactly at the target when the others ask for fewer, and as idle when they
 *   ask for more.
 * - A replica that is not ready yet is left out, and counts as idle when the others ask for more.
 * - If these assumptions turn the direction round, or bring the ratio into the tolerance, the number stays.
 *
 * Kubernetes ignores replicas that are not ready only for CPU. Here this holds for every metric, because each metric is
 * a rate that a replica shows only after it has served for a while.
 *
 * @param target the wanted average for each replica, in the unit of the values. @returns undefined when no ready
 * replica was measured: then there is no basis for a recommendation.
 */
export function recommend(
  replicas: MeasuredReplica[],
  target: number,
  tolerance: number,
): Recommendation | undefined {
  const current = replicas.length;
  const notReady = replicas.filter(({ ready }) => !ready);
  const missing = replicas.filter(({ ready, value }) => ready && value === undefined);
  const measured = replicas.flatMap(({ ready, value }) => (ready && value !== undefined ? [value] : []));
  if (measured.length === 0) return undefined;

  const average = mean(measured);
  const ratio = average / target;
  const answer = (replicas: number) => ({ replicas, average, ratio });

  const countsIdle = ratio > 1 ? notReady.length : 0;
  if (countsIdle === 0 && missing.length === 0) {
    return answer(isClose(ratio, tolerance) ? current : Math.ceil(rounded(ratio * measured.length)));
  }
  const assumed = ratio < 1 ? target : 0;
  const corrected = [
    ...measured,
    ...missing.map(() => assumed),
    ...Array.from({ length: countsIdle }, () => 0),
  ];
  const newRatio = mean(corrected) / target;
  const reversed = (ratio < 1 && newRatio > 1) || (ratio > 1 && newRatio < 1);
  if (isClose(newRatio, tolerance) || reversed) return answer(current);
  const wanted = Math.ceil(rounded(newRatio * corrected.length));
  const turned = (newRatio < 1 && wanted > current) || (newRatio > 1 && wanted < current);
  return answer(turned ? current : wanted);
}

const isClose = (ratio: number, tolerance: number) => rounded(Math.abs(1 - ratio)) <= tolerance;
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Rounds away the last digits of a floating-point product, which would turn 3 × 1.1 / 1.1 into 4 replicas. */
const rounded = (value: number) => Number(value.toFixed(9));
