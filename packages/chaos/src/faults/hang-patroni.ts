import { execIn } from '@shop/docker/in-container.ts';
import { running } from '../topology/topology.ts';
import type { Fault } from './fault.ts';

/** Patroni on a database node hangs (SIGSTOP), while Postgres on the same node continues to serve. */
export function hangPatroni(node: string): Fault {
  const signal = async (name: string) => {
    const [container] = await running(node);
    // The brackets keep the pattern from matching the command that contains it.
    const command = `kill -${name} $(grep -l 'patroni-fresh[-]dns' /proc/[0-9]*/cmdline | grep -o '[0-9]*')`;
    await execIn(container!.id, 'sh', '-c', command);
  };
  return { name: `Patroni hangs on ${node}`, strike: () => signal('STOP'), undo: () => signal('CONT') };
}
