import { remove } from '@shop/docker/engine-api.ts';
import { execIn } from '@shop/docker/in-container.ts';
import { type Container, compose, running } from '../topology/topology.ts';
import type { Fault } from './fault.ts';

/** The hops that lead through Toxiproxy (infra/toxiproxy/hops.json). */
export type Hop = 'pgbouncer' | 'cache' | 'minio' | 'payments' | 'mail';

/**
 * The faults of a hop, on the way back from the store: `latency`: each answer comes later; `bandwidth`: answers come
 * slowly; `reset`: connections break in the middle; `halfOpen`: connections stay open and no data comes any more.
 */
export type Toxic =
  | { kind: 'latency'; latencyMs: number; jitterMs?: number }
  | { kind: 'bandwidth'; kilobytesPerSecond: number }
  | { kind: 'reset'; afterMs: number }
  | { kind: 'halfOpen' };

type Rerouted = 'api' | 'worker' | 'edge-1' | 'edge-2';

/**
 * Runs `body` while these services reach their stores through Toxiproxy; before and after it they connect directly.
 * `settings` are those in which a service differs meanwhile.
 */
export async function withToxiproxy<T>(
  services: Rerouted[],
  body: (toxiproxy: Container) => Promise<T>,
  settings: Partial<Record<Rerouted, Record<string, string>>> = {},
): Promise<T> {
  await compose(['up', '--detach', '--wait', '--build', 'toxiproxy']);
  const [toxiproxy] = await running('toxiproxy');
  // No request is served meanwhile, so the old containers are killed and not drained.
  const recreate = ['up', '--detach', '--no-deps', '--no-build', '--timeout', '0', '--wait'];
  const through = [
    '--profile',
    'test',
    '--file',
    'docker-compose.yml',
    '--file',
    'infra/toxiproxy/through.yml',
  ];
  const usual = {};
  const alike = Map.groupBy(services, (service) => settings[service] ?? usual);
  try {
    for (const [theirs, ofThese] of alike) await compose([...through, ...recreate, ...ofThese], theirs);
    return await body(toxiproxy!);
  } finally {
    await compose([...recreate, ...services]);
    await remove(toxiproxy!.id);
  }
}

/** Puts a fault on one hop; only inside `withToxiproxy`. */
export function slow(hop: Hop, toxic: Toxic): Fault {
  return {
    name: `${hop} with ${toxic.kind}`,
    async strike() {
      const { type, attributes } = inToxiproxysWords(toxic);
      const settings = Object.entries(attributes).flatMap(([name, value]) => [
        '--attribute',
        `${name}=${value}`,
      ]);
      await toxiproxy('toxic', 'add', '--toxicName', toxic.kind, '--type', type, ...settings, hop);
    },
    async undo() {
      if (!(await toxiproxy('inspect', hop)).includes(toxic.kind)) return;
      await toxiproxy('toxic', 'remove', '--toxicName', toxic.kind, hop);
    },
  };
}

function inToxiproxysWords(toxic: Toxic): { type: string; attributes: Record<string, number> } {
  switch (toxic.kind) {
    case 'latency':
      return { type: 'latency', attributes: { latency: toxic.latencyMs, jitter: toxic.jitterMs ?? 0 } };
    case 'bandwidth':
      return { type: 'bandwidth', attributes: { rate: toxic.kilobytesPerSecond } };
    case 'reset':
      return { type: 'reset_peer', attributes: { timeout: toxic.afterMs } };
    case 'halfOpen':
      // No data is passed on, and no connection is closed until the toxic is removed.
      return { type: 'timeout', attributes: { timeout: 0 } };
  }
}

async function toxiproxy(...args: string[]): Promise<string> {
  const [container] = await running('toxiproxy');
  return await execIn(container!.id, 'toxiproxy-cli', ...args);
}
