import type { Mutant } from './mutant-files.ts';

/** What a change below a folder reaches: services of docker-compose.yml; the first folder that fits decides. */
const servicesOfFolder: [string, string[]][] = [
  ['apps/api/', ['api']],
  ['apps/worker/', ['worker']],
  ['apps/payments/', ['payments']],
  ['apps/web/', ['edge-1', 'edge-2']],
  ['infra/edge/', ['edge-1', 'edge-2']],
];

/**
 * The services whose containers must be replaced for the test to meet the mutant, so that the others need not start
 * again; undefined when that cannot be said.
 *
 * An integration test runs the API and the packages in its own process. The worker's jobs are also taken by the worker's
 * containers, and it calls the provider's.
 */
export function servicesToReplace({
  suite,
  changed,
}: Pick<Mutant, 'suite' | 'changed'>): string[] | undefined {
  // A chaos test strikes any container, and leaves it to the next start to bring all of them back.
  if (suite === 'chaos') return undefined;
  const services = new Set<string>();
  for (const path of changed) {
    if (suite === 'integration' && /^(apps\/api|packages)\//.test(path)) continue;
    const found = servicesOfFolder.find(([folder]) => path.startsWith(folder));
    if (!found) return undefined;
    for (const service of found[1]) services.add(service);
  }
  return [...services];
}

/**
 * The mutants in the order in which they cost least: units first, and one after the other those that replace the same
 * services.
 */
export function inCheapestOrder(mutants: Mutant[]): Mutant[] {
  const cost = (mutant: Mutant) => {
    const suite = ['unit', 'integration', 'e2e', 'web', 'chaos'].indexOf(mutant.suite);
    const services = servicesToReplace(mutant);
    return `${suite} ${services ? services.length : 'all'} ${services ?? ''}`;
  };
  return mutants.toSorted((a, b) => cost(a).localeCompare(cost(b)) || a.name.localeCompare(b.name));
}
