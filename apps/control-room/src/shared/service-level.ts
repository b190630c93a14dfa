/** How good the service is, by the rules of infra/prometheus/rules (docs/objectives.md). */
export interface ServiceLevel {
  /** Those that fire and those that may soon; the most urgent first. */
  alerts: Alert[];
  /** How many rules watch for an alert, and which of them have no result: they were not evaluated yet, or failed. */
  rules: number;
  rulesWithoutResult: string[];
  objectives: Objective[];
}

export interface Alert {
  name: string;
  /** `pending`: its condition holds, but not yet for as long as its rule demands. */
  state: 'firing' | 'pending';
  /** `page`: a person is wanted now; `ticket`: on the next working day. */
  severity: string;
  summary: string;
  /** Since when its condition holds: milliseconds since the epoch. */
  since: number;
  /** A document of this repository that says what to do: `docs/runbooks/tier-down.md`. */
  runbook: string;
}

export interface Objective {
  name: string;
  /** The share of requests that must be good: 0.999. */
  target: number;
  /** The share of the error budget that is left: 1 is all of it, below 0 the objective is missed. Absent without traffic. */
  left?: number;
}
