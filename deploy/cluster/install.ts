import { writeFile } from 'node:fs/promises';
import { helm, release } from '@shop/cluster/helm.ts';
import { type Access, kubectl, podsOf } from '@shop/cluster/kubectl.ts';
import type { Report } from '@shop/command/steps.ts';
import type { Account } from '@shop/docker/accounts.ts';
import { chart } from '../render.ts';

const watchIntervalMs = 3_000;
/** The limit for an installation in which each machine still has to pull every image. */
const timeout = '15m';

/**
 * Installs the chart with the laptop's values, or upgrades it, and waits until every pod is ready and every Job done.
 *
 * @param values override those of values-laptop.yaml.
 * @param files further files of values, which override all others.
 */
export async function installChart(
  access: Access,
  values: object,
  files: string[],
  report: Report,
): Promise<string> {
  const look = async () => {
    const pods = await podsOf(access);
    const waiting = pods.filter(({ ready }) => !ready).map(({ name }) => name);
    report(`${pods.length - waiting.length} of ${pods.length} pods ready, ${waiting.slice(0, 4).join(', ')}`);
  };
  const watch = setInterval(() => void look().catch(() => {}), watchIntervalMs);
  const given = files.flatMap((file) => ['--values', file]);
  try {
    const sets = ['--values', `${chart}/values-laptop.yaml`, '--values', '-', ...given];
    const waiting = ['--wait', '--wait-for-jobs', '--timeout', timeout];
    const args = ['upgrade', '--install', release, chart, '--create-namespace', ...sets, ...waiting];
    await helm(access, args, JSON.stringify(values));
    return `${(await podsOf(access)).length} pods`;
  } finally {
    clearInterval(watch);
  }
}

/** Copies the demo accounts out of the log of the newest seed Job to a file, and returns them. */
export async function readAccounts(access: Access, file: string): Promise<Account[]> {
  const newest = ['get', 'jobs', '--selector', 'app.kubernetes.io/name=seed', '--output', 'name'];
  const sorted = await kubectl(access, [...newest, '--sort-by', '.metadata.creationTimestamp']);
  const log = await kubectl(access, ['logs', sorted.trim().split('\n').at(-1) ?? '', '--tail', '-1']);
  // The log has the seed's messages first, then the file.
  const accounts = log.slice(log.search(/^\[/m));
  await writeFile(file, accounts, { mode: 0o600 });
  return JSON.parse(accounts);
}
