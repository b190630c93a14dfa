import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../..', import.meta.url));
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');
const yamlIn = (folder: string) =>
  globSync(`${folder}/*.yml`, { cwd: root }).map((path) => parse(textOf(path)));

type Rule = {
  alert?: string;
  record?: string;
  expr: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
};
const groups: { rules: Rule[] }[] = yamlIn('infra/prometheus/rules').flatMap((file) => file.groups);
const rules = groups.flatMap((group) => group.rules);
const alerts = rules.flatMap(({ alert, ...rule }) => (alert ? [{ alert, ...rule }] : []));
const names = alerts.map(({ alert }) => alert).sort();

type RuleTest = { alert_rule_test: { alertname: string; exp_alerts?: unknown[] }[] };
const ruleTests: RuleTest[] = yamlIn('infra/prometheus/rule-tests').flatMap((file) => file.tests);
const expected = ruleTests.flatMap((each) => each.alert_rule_test);

/** `TierDown` → `tier-down`. */
const pageOf = (alert: string) => alert.replaceAll(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

describe.each(alerts)('$alert', ({ alert, labels, annotations }) => {
  const path = `docs/runbooks/${pageOf(alert)}.md`;

  test('says how urgent it is, what is wrong and which page helps', () => {
    expect(labels.severity).toMatch(/^(page|ticket)$/);
    expect(annotations).toEqual({ summary: expect.stringMatching(/\w/), runbook: path });
  });

  test('has a page of the usual form, with the same severity', () => {
    const page = textOf(path);
    expect(page).toContain(`# ${alert}\n\nSeverity: **${labels.severity}**`);
    const titles = [...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    expect(titles).toEqual(['What it means', 'How to look', 'What to do', 'Not to be confused with']);
  });

  test('is in the list of objectives.md', () => {
    expect(textOf('docs/objectives.md')).toContain(`[${alert}](runbooks/${pageOf(alert)}.md)`);
  });
});

test('every page is about an alert', () => {
  const pages = readdirSync(join(root, 'docs/runbooks')).map((name) => name.replace(/\.md$/, ''));
  expect(pages.sort()).toEqual(names.map(pageOf).sort());
});

test('every alert has a test in which it fires, and one in which it does not', () => {
  const tested = (fires: boolean) =>
    expected
      .filter(({ exp_alerts = [] }) => exp_alerts.length > 0 === fires)
      .map(({ alertname }) => alertname);
  expect([...new Set(tested(true))].sort()).toEqual(names);
  expect([...new Set(tested(false))].sort()).toEqual(names);
});

test('the rules measure the objectives that objectives.md promises', () => {
  const rows = [
    ...textOf('docs/objectives.md').matchAll(/^\| \*\*(\w+)\*\* \|.*?\| ([\d.]+) % \| 30 days/gm),
  ];
  const budgets = rules.filter(({ record }) => record === 'objective:budget:share');
  expect(budgets.map(({ labels, expr }) => [labels.objective, expr])).toEqual(
    rows.map(([, name, percent]) => [name, `vector(${Number((1 - Number(percent) / 100).toFixed(6))})`]),
  );
  const [, seconds] = /is answered within ([\d.]+) s/.exec(textOf('docs/objectives.md'))!;
  const slow = rules.filter(({ expr }) => expr.includes('_bucket'));
  expect(slow.map(({ expr }) => /le="([^"]+)"/.exec(expr)?.[1])).toEqual([seconds]);
  // Without a bucket of that bound there would be no figure.
  expect(textOf('apps/api/src/plugins/metrics.ts')).toMatch(
    new RegExp(`buckets: \\[.*\\b${seconds}\\b.*\\]`),
  );
});
