import { root } from '@shop/command/folders.ts';
import { runSteps } from '@shop/command/steps.ts';
import { readAccounts } from '@shop/docker/accounts.ts';
import { environmentOfTests } from '@shop/docker/environment-of-tests.ts';
import { startSteps } from '@shop/docker/start-steps.ts';
import { compose, shopTopology, type Topology, testTopology } from '@shop/docker/topology.ts';
import { execa } from 'execa';

export const benchTopology: Topology = {
  project: 'shop-bench',
  subnet: '172.32',
  ports: {
    SHOP_HTTP_PORT_1: 28080,
    SHOP_HTTP_PORT_2: 28081,
    SHOP_HTTPS_PORT_1: 28443,
    SHOP_HTTPS_PORT_2: 28444,
  },
};

/** The load comes from one address, so the limits by address must not apply. */
export const unlimited = { LIMIT_REQUESTS_PER_SECOND: '1000000', EDGE_REQUESTS_PER_SECOND: '100000' };
const limited = ['api', 'edge-1', 'edge-2'];

export const onOption = [
  '--on <project>',
  'measure on a topology that runs, instead of one of its own',
] as const;

/**
 * Runs `measure` on a topology of its own, which is removed afterwards, or on one that runs, which is left as it was.
 *
 * @param changed services that `measure` recreates with other settings.
 */
export async function withBenchTopology(
  on: string | undefined,
  measure: (topology: Topology) => Promise<void>,
  changed: string[] = [],
): Promise<void> {
  const running = [shopTopology(), testTopology()].find(({ project }) => project === on);
  if (on && !running) throw new Error(`--on ${on}: there is no such topology`);
  const topology = running ?? benchTopology;
  Object.assign(process.env, running ? {} : unlimited);
  try {
    await runSteps(startSteps(topology));
    await readAccounts(topology);
    if (running) await recreate(topology, limited, unlimited);
    await measure(topology);
  } finally {
    if (running) await recreate(topology, [...new Set([...limited, ...changed])], {});
    else await compose(topology, ['down', '--volumes', '--remove-orphans', '--timeout', '5']);
  }
}

/** Recreates services with these settings, or with the default ones. */
export async function recreate(
  topology: Topology,
  services: string[],
  settings: Record<string, string>,
): Promise<void> {
  const args = ['up', '--detach', '--no-deps', '--no-build', '--wait', ...services];
  await compose(topology, args, { environment: settings });
}

/** Runs a program of bench/load against the edges of a topology. @returns what it printed, one line of JSON. */
export async function measureWith<T>(topology: Topology, program: string, args: string[]): Promise<T> {
  const { stdout } = await execa('node', [`bench/load/${program}`, ...args], {
    cwd: root,
    env: environmentOfTests(topology),
    stderr: 'inherit',
  });
  return JSON.parse(stdout.split('\n').at(-1) ?? '');
}
