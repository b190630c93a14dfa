import { docker, running } from '../topology/topology.ts';
import type { Fault } from './fault.ts';

/** Patroni on a database node says and does nothing (SIGSTOP), while the Postgres beside it goes on serving. */
export function hangPatroni(node: string): Fault {
  const signal = async (name: string) => {
    const [container] = await running(node);
    // The brackets keep the pattern from matching the command that contains it.
    const command = `kill -${name} $(grep -l 'patroni-fresh[-]dns' /proc/[0-9]*/cmdline | grep -o '[0-9]*')`;
    await docker('exec', container!.id, 'sh', '-c', command);
  };
  return { name: `Patroni hangs on ${node}`, strike: () => signal('STOP'), undo: () => signal('CONT') };
}
