import { expect, test } from 'vitest';
import { type RulesAnswer, serviceLevelOf, type VectorAnswer } from './service-level.ts';

const alert = (state: 'firing' | 'pending', severity: string, activeAt: string, tier = 'api') => ({
  labels: { alertname: 'TierDown', severity, tier },
  annotations: { summary: `No container of ${tier} answers`, runbook: 'docs/runbooks/tier-down.md' },
  state,
  activeAt,
});
const rule = (
  name: string,
  alerts = [] as ReturnType<typeof alert>[],
  health: 'ok' | 'err' | 'unknown' = 'ok',
) => ({
  name,
  health,
  alerts,
});
const rules = (...all: ReturnType<typeof rule>[]): RulesAnswer => ({
  groups: all.map((each) => ({ rules: [each] })),
});

const sample = (name: string, objective: string, value: string) => ({
  metric: { __name__: `objective:${name}`, objective },
  value: [1_795_977_790.793, value] as [number, string],
});
const budgets = [sample('budget:share', 'availability', '0.001'), sample('budget:share', 'latency', '0.01')];
const vector = (...result: VectorAnswer['result']): VectorAnswer => ({ result });

test('an alert has its summary, its severity, its runbook and the time since when its condition holds', () => {
  const { alerts } = serviceLevelOf(
    rules(rule('TierDown', [alert('firing', 'page', '2026-11-29T18:42:56.132406021Z')])),
    vector(),
  );
  expect(alerts).toEqual([
    {
      name: 'TierDown',
      state: 'firing',
      severity: 'page',
      summary: 'No container of api answers',
      since: Date.UTC(2026, 10, 29, 18, 42, 56, 132),
      runbook: 'docs/runbooks/tier-down.md',
    },
  ]);
});

test('what fires is before what may fire, a page before a ticket, and the oldest first', () => {
  const { alerts } = serviceLevelOf(
    rules(
      rule('A', [alert('pending', 'page', '2026-11-29T18:00:00Z')]),
      rule('B', [alert('firing', 'ticket', '2026-11-29T18:00:00Z')]),
      rule('C', [
        alert('firing', 'page', '2026-11-29T18:02:00Z'),
        alert('firing', 'page', '2026-11-29T18:01:00Z'),
      ]),
    ),
    vector(),
  );
  expect(alerts.map(({ name, since }) => [name, new Date(since).getUTCMinutes()])).toEqual([
    ['C', 1],
    ['C', 2],
    ['B', 0],
    ['A', 0],
  ]);
});

test('a rule that was not evaluated, or could not be, counts as one without a result', () => {
  const { rules: count, rulesWithoutResult } = serviceLevelOf(
    rules(rule('A'), rule('B', [], 'unknown'), rule('C', [], 'err')),
    vector(),
  );
  expect([count, rulesWithoutResult]).toEqual([3, ['B', 'C']]);
});

test('an objective has its target and what is left of its budget, also below zero', () => {
  const left = [
    sample('budget_left:ratio', 'latency', '-0.25'),
    sample('budget_left:ratio', 'availability', '0.75'),
  ];
  expect(serviceLevelOf(rules(), vector(...budgets, ...left)).objectives).toEqual([
    { name: 'availability', target: 0.999, left: 0.75 },
    { name: 'latency', target: 0.99, left: -0.25 },
  ]);
});

test('without traffic an objective has no figure: neither NaN nor a missing sample is a number', () => {
  const { objectives } = serviceLevelOf(
    rules(),
    vector(...budgets, sample('budget_left:ratio', 'availability', 'NaN')),
  );
  expect(objectives).toEqual([
    { name: 'availability', target: 0.999 },
    { name: 'latency', target: 0.99 },
  ]);
});
