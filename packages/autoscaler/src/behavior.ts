/** At most `value` replicas, or per cent of the replicas at the period's beginning, in each period. */
export type ScalingPolicy = { type: 'replicas' | 'percent'; value: number; periodSeconds: number };

/**
 * The policies of one direction. The policy that allows most applies; without any policy, the number never changes in
 * that direction.
 */
export type ScalingRules = { stabilizationSeconds: number; policies: ScalingPolicy[] };

export type Behavior = { scaleUp: ScalingRules; scaleDown: ScalingRules };

/** How many replicas were recommended, and when, in milliseconds. */
export type PastRecommendation = { at: number; replicas: number };

/** By how many replicas the number was changed at a moment, in milliseconds; negative when it became smaller. */
export type PastChange = { at: number; change: number };

/**
 * Kubernetes' default behaviour ("Default behavior" in
 * https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/): up at once, in 15 s at most
 * double or by four; down to no less than the last five minutes needed.
 */
export const defaultBehavior: Behavior = {
  scaleUp: {
    stabilizationSeconds: 0,
    policies: [
      { type: 'percent', value: 100, periodSeconds: 15 },
      { type: 'replicas', value: 4, periodSeconds: 15 },
    ],
  },
  scaleDown: {
    stabilizationSeconds: 300,
    policies: [{ type: 'percent', value: 100, periodSeconds: 15 }],
  },
};

/** The rules, and the moment at which they are applied, in milliseconds. */
type Rules = { behavior: Behavior; now: number };

/**
 * The safest number that was recommended within the windows: down to no less than the largest of the window for down, up
 * to no more than the smallest of the window for up ("Stabilization window" in the document above).
 */
export function stabilize(
  { current, recommended }: { current: number; recommended: number },
  past: PastRecommendation[],
  { behavior: { scaleUp, scaleDown }, now }: Rules,
): number {
  const within = (seconds: number) => past.filter(({ at }) => at > now - seconds * 1000);
  const wanted = (entries: PastRecommendation[]) => [recommended, ...entries.map(({ replicas }) => replicas)];
  const smallest = Math.min(...wanted(within(scaleUp.stabilizationSeconds)));
  const largest = Math.max(...wanted(within(scaleDown.stabilizationSeconds)));
  return Math.min(Math.max(current, smallest), largest);
}

/**
 * The number nearest to `wanted` that the policies of its direction allow, given what was changed in their periods
 * ("Scaling policies" in the document above).
 */
export function limitSpeed(
  { current, wanted }: { current: number; wanted: number },
  past: PastChange[],
  { behavior, now }: Rules,
): number {
  if (wanted === current) return current;
  const up = wanted > current;
  const { policies } = up ? behavior.scaleUp : behavior.scaleDown;
  const reached = policies.map(({ type, value, periodSeconds }) => {
    const changed = past
      .filter(({ at }) => at > now - periodSeconds * 1000)
      .reduce((sum, { change }) => sum + change, 0);
    const atBeginning = current - changed;
    const step = type === 'replicas' ? value : Math.ceil((atBeginning * value) / 100);
    return up ? atBeginning + step : atBeginning - step;
  });
  // The present number stays allowed, also where earlier changes have used up more than the period's allowance.
  return up
    ? Math.min(wanted, Math.max(current, ...reached))
    : Math.max(wanted, Math.min(current, ...reached));
}
