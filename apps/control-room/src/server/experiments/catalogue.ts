import { scenarios } from '@shop/chaos/scenarios/scenarios.ts';
import { allLabs } from '@shop/lab/catalogue.ts';
import type { Experiment } from '../../shared/experiments.ts';

const deployment: Experiment = {
  kind: 'deployment',
  name: 'deploy',
  says: 'No request fails while the version that runs is replaced by the one in the project’s folder.',
};

/** Everything that a page may start. */
export async function allExperiments(): Promise<Experiment[]> {
  const labs = await allLabs();
  return [
    deployment,
    ...labs.map(({ name, lab }) => ({ kind: 'lab' as const, name, says: lab.question })),
    ...scenarios.map(({ name, claim }) => ({ kind: 'scenario' as const, name, says: claim })),
  ];
}
