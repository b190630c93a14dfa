import type { Alert, Objective, ServiceLevel } from '../../shared/service-level.ts';

/** Whether a person is wanted: `unknown` is not `calm`. */
export type Call = 'asking' | 'unknown' | 'calm' | 'alarm';

export const firing = ({ alerts }: ServiceLevel) => alerts.filter(({ state }) => state === 'firing');

export function callOf(level: ServiceLevel | 'unknown' | undefined): Call {
  if (level === undefined) return 'asking';
  if (level === 'unknown') return 'unknown';
  if (firing(level).length > 0) return 'alarm';
  return level.rules === 0 || level.rulesWithoutResult.length > 0 ? 'unknown' : 'calm';
}

/** The alerts in a sentence. */
export function headline(level: ServiceLevel | 'unknown' | undefined): string {
  if (level === undefined) return 'Asking Prometheus…';
  if (level === 'unknown') return 'Prometheus does not answer';
  const count = firing(level).length;
  if (count > 0) return count === 1 ? '1 alert fires' : `${count} alerts fire`;
  return callOf(level) === 'calm' ? 'No alert fires' : 'Not every alert is watched';
}

/** What the headline leaves out, in a sentence. */
export function detail(level: ServiceLevel | 'unknown' | undefined): string {
  if (level === undefined) return '';
  if (level === 'unknown') return 'Whether an alert fires and what is left of the error budget is unknown.';
  const { rules, rulesWithoutResult } = level;
  if (rules === 0) return 'Prometheus has no rule for an alert.';
  if (rulesWithoutResult.length === 0) return `${rules} rules are watched.`;
  return `Prometheus has no result yet of ${rulesWithoutResult.length} of ${rules} rules: ${rulesWithoutResult.join(', ')}.`;
}

/** The names of what fires, for a screen reader: the summaries have figures that change. */
export const names = (alerts: Alert[]) =>
  alerts.map(({ name, severity }) => `${name}, ${severity}`).join('; ');

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });

/** Since when and for how long: `since 18:43, 2 min`. */
export function sinceWords({ since }: Alert, now: number): string {
  const minutes = Math.max(0, Math.floor((now - since) / 60_000));
  const hours = Math.floor(minutes / 60);
  const length =
    hours > 0 ? `${hours} h ${minutes % 60} min` : minutes > 0 ? `${minutes} min` : 'less than a minute';
  return `since ${clock.format(since)}, ${length}`;
}

const tenth = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });
const exact = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 3 });

/** 0.999 is `99.9 %`. */
export const share = (value: number) => `${exact.format(value * 100)} %`;

/** What is left of a budget, rounded down: it is `100 %` only while nothing is spent. */
export const leftWords = ({ left }: Objective) =>
  left === undefined
    ? 'no traffic yet'
    : `${tenth.format(Math.floor(left * 1_000) / 10)} %`.replace('-', '−');

/** How much a person should worry about a budget. */
export function stateOf({ left }: Objective): 'none' | 'good' | 'low' | 'missed' {
  if (left === undefined) return 'none';
  if (left <= 0) return 'missed';
  return left < 0.25 ? 'low' : 'good';
}

/** What a good request is, by objective (docs/objectives.md). */
export const promises: Record<string, string> = {
  availability: 'of requests answered without a 5xx',
  latency: 'of requests answered within 0.5 s',
};
