import { alerts } from './checks/alerts.ts';
import { backups, restore } from './checks/backups.ts';
import {
  exposure,
  healthChecks,
  logRotation,
  memoryLimits,
  privileges,
  restarts,
} from './checks/containers.ts';
import { drains } from './checks/drains.ts';
import { machines, redundancy } from './checks/redundancy.ts';
import { secretsInEnvironment, secretsInRepository } from './checks/secrets.ts';
import { slowQueries } from './checks/slow-queries.ts';
import { timeouts } from './checks/timeouts.ts';
import { tlsExpiry, tlsTrusted } from './checks/tls.ts';
import { pinnedImages, pinnedTools } from './checks/versions.ts';
import type { Check, Facts, Verdict } from './facts.ts';

/** Every check by its name, in the order of the output. */
export const checks = {
  redundancy,
  machines,
  'health-checks': healthChecks,
  restarts,
  'memory-limits': memoryLimits,
  drains,
  timeouts,
  privileges,
  exposure,
  'secrets-in-repository': secretsInRepository,
  'secrets-in-environment': secretsInEnvironment,
  'tls-expiry': tlsExpiry,
  'tls-trusted': tlsTrusted,
  backups,
  restore,
  'slow-queries': slowQueries,
  alerts,
  'log-rotation': logRotation,
  'pinned-tools': pinnedTools,
  'pinned-images': pinnedImages,
} as const satisfies Record<string, Check>;

export type Finding = Verdict & { name: string; title: string; where: string };

/** The result of each check for these facts. */
export function checkAll(facts: Facts): Finding[] {
  return Object.entries(checks).map(([name, { title, where, run }]) => ({
    name,
    title,
    where,
    ...run(facts),
  }));
}
