import { ActionableError } from '@shop/command/actionable-error.ts';
import { shopTopology, type Topology, testTopology } from './topology.ts';

/**
 * The topology that a command's `--project` names: that of `npm start` or that of `npm test`.
 * @throws ActionableError when it is neither.
 */
export function topologyNamed(project: string): Topology {
  const known = [shopTopology(), testTopology()];
  const found = known.find((topology) => topology.project === project);
  if (found) return found;
  const names = known.map((topology) => topology.project).join(' or ');
  throw new ActionableError(`There is no topology "${project}".`, `say --project ${names}`);
}
