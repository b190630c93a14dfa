import {
  type Behavior,
  limitSpeed,
  type PastChange,
  type PastRecommendation,
  stabilize,
} from './behavior.ts';
import { type MeasuredReplica, type Recommendation, recommend } from './recommend.ts';

export type AutoscalerOptions = {
  min: number;
  max: number;
  /** The average of the metric that each replica should have. */
  target: number;
  /** No change while the average differs from the target by no more than this part of it. */
  tolerance: number;
  behavior: Behavior;
};

/** Change `current` to `wanted`; `reason` says in a few words what decided. */
export type Decision = {
  current: number;
  wanted: number;
  recommendation: Recommendation | undefined;
  reason: string;
};

/**
 * The rule of Kubernetes' HorizontalPodAutoscaler with its memory of earlier decisions; it measures nothing and starts
 * nothing.
 */
export class Autoscaler {
  readonly #options: AutoscalerOptions;
  #recommendations: PastRecommendation[] = [];
  #changes: PastChange[] = [];

  constructor(options: AutoscalerOptions) {
    this.#options = options;
  }

  /** @param now milliseconds on a clock that only goes forward. */
  decide(replicas: MeasuredReplica[], now: number): Decision {
    const { min, max, target, tolerance, behavior } = this.#options;
    const current = replicas.length;
    const recommendation = recommend(replicas, target, tolerance);
    const answer = (wanted: number, reason: string) => ({ current, wanted, recommendation, reason });
    // At the beginning nothing is known, so the present number counts as recommended.
    if (this.#recommendations.length === 0) this.#recommendations.push({ at: now, replicas: current });
    if (current < min) return answer(min, 'fewer than --min');
    if (current > max) return answer(max, 'more than --max');
    if (!recommendation) return answer(current, 'nothing measured yet');

    const recommended = recommendation.replicas;
    this.#forget(now);
    const stable = stabilize({ current, recommended }, this.#recommendations, { behavior, now });
    this.#recommendations.push({ at: now, replicas: recommended });
    const limited = limitSpeed({ current, wanted: stable }, this.#changes, { behavior, now });
    const wanted = Math.min(max, Math.max(min, limited));
    if (wanted !== limited) return answer(wanted, wanted === max ? 'limited by --max' : 'limited by --min');
    if (limited !== stable) return answer(wanted, 'limited by the speed allowed');
    if (stable !== recommended) return answer(wanted, 'waiting for the stabilization window');
    return answer(wanted, wanted === current ? 'enough' : wanted > current ? 'too few' : 'too many');
  }

  /** Records that the number of replicas was changed, and by how many. */
  changed(change: number, now: number): void {
    this.#changes.push({ at: now, change });
  }

  /** Entries older than every window no longer count. */
  #forget(now: number): void {
    const { scaleUp, scaleDown } = this.#options.behavior;
    const windowMs = Math.max(scaleUp.stabilizationSeconds, scaleDown.stabilizationSeconds) * 1000;
    this.#recommendations = this.#recommendations.filter(({ at }) => at > now - windowMs);
    const periods = [...scaleUp.policies, ...scaleDown.policies].map(({ periodSeconds }) => periodSeconds);
    const periodMs = Math.max(0, ...periods) * 1000;
    this.#changes = this.#changes.filter(({ at }) => at > now - periodMs);
  }
}
