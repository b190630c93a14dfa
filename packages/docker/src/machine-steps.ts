import type { Step } from '@shop/command/steps.ts';
import { ensureEngine } from './engine.ts';
import { preflight } from './preflight.ts';
import { checkSubnet } from './subnet.ts';
import { isRunning, type Topology } from './topology.ts';

/** The steps that make a machine ready for a topology. What can be checked without an engine is checked before one is installed. */
export function machineSteps(topology: Topology): Step[] {
  const check = async () => ((await isRunning(topology)) ? 'already running' : preflight(topology));
  return [
    { title: 'Checking this machine', run: check },
    { title: 'Container engine', run: ensureEngine },
    { title: 'Addresses of the containers', run: () => checkSubnet(topology) },
  ];
}
