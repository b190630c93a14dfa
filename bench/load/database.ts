import { execIn, feedIn } from '@shop/docker/in-container.ts';
import type { Topology } from '@shop/docker/topology.ts';

/** The containers of the database's nodes. */
export const nodes = ({ project }: Topology): string[] =>
  ['db-1', 'db-2', 'db-3'].map((node) => `${project}-${node}-1`);

/** Runs a program in the primary's container, with `input` on its standard input. @returns what it printed. */
export async function onPrimary(topology: Topology, program: string[], input: string): Promise<string> {
  for (const name of nodes(topology)) {
    const ask = ['psql', '-U', 'postgres', '-AtXc', 'SELECT pg_is_in_recovery()'];
    const standby = await execIn(name, ...ask).catch(() => 'unknown');
    if (standby !== 'f') continue;
    return await feedIn(name, input, ...program);
  }
  throw new Error('no database node is the primary');
}
