import { askPrometheus } from '@shop/docker/prometheus.ts';
import type { Topology } from '@shop/docker/topology.ts';
import type { Alert, Objective, ServiceLevel } from '../../shared/service-level.ts';

/** The rules of all alerts, as `/api/v1/rules` has them. */
export interface RulesAnswer {
  groups: { rules: AlertingRule[] }[];
}

interface AlertingRule {
  name: string;
  /** `unknown` before the first evaluation. */
  health: 'ok' | 'err' | 'unknown';
  alerts: {
    labels: Record<string, string>;
    annotations: Record<string, string>;
    state: Alert['state'];
    activeAt: string;
  }[];
}

/** A vector, as `/api/v1/query` has it: labels, and `[time, "value"]`. */
export interface VectorAnswer {
  result: { metric: Record<string, string>; value: [number, string] }[];
}

const [budget, budgetLeft] = ['objective:budget:share', 'objective:budget_left:ratio'];

/** @throws when Prometheus does not run or does not answer. */
export async function readServiceLevel(topology: Topology): Promise<ServiceLevel> {
  const query = `{__name__=~"${budget}|${budgetLeft}"}`;
  const [rules, figures] = await Promise.all([
    askPrometheus<RulesAnswer>(topology, '/rules?type=alert'),
    askPrometheus<VectorAnswer>(topology, `/query?${new URLSearchParams({ query })}`),
  ]);
  return serviceLevelOf(rules, figures);
}

/** @param figures the budgets of all objectives, and what is left of them. */
export function serviceLevelOf({ groups }: RulesAnswer, figures: VectorAnswer): ServiceLevel {
  const rules = groups.flatMap((group) => group.rules);
  return {
    alerts: rules.flatMap(alertsOf).toSorted(byUrgency),
    rules: rules.length,
    rulesWithoutResult: rules.filter(({ health }) => health !== 'ok').map(({ name }) => name),
    objectives: objectivesOf(figures),
  };
}

const alertsOf = ({ name, alerts }: AlertingRule): Alert[] =>
  alerts.map(({ labels, annotations, state, activeAt }) => ({
    name,
    state,
    severity: labels.severity ?? '',
    summary: annotations.summary ?? '',
    since: Date.parse(activeAt),
    runbook: annotations.runbook ?? '',
  }));

/** What fires before what may, a page before a ticket, the oldest first. */
const byUrgency = (a: Alert, b: Alert) =>
  a.state.localeCompare(b.state) || a.severity.localeCompare(b.severity) || a.since - b.since;

function objectivesOf({ result }: VectorAnswer): Objective[] {
  const figureOf = (name: string, objective: string) => {
    const found = result.find(({ metric }) => metric.__name__ === name && metric.objective === objective);
    return Number(found?.value[1]);
  };
  return result
    .filter(({ metric }) => metric.__name__ === budget)
    .map(({ metric: { objective = '' } }): Objective => {
      const target = 1 - figureOf(budget, objective);
      const left = figureOf(budgetLeft, objective);
      // Without any request, Prometheus divides zero by zero; before the first sample there is no figure at all.
      return { name: objective, target, ...(!Number.isNaN(left) && { left }) };
    });
}
