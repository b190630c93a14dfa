import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ActionableError } from '@shop/command/actionable-error.ts';
import { lock } from 'proper-lockfile';
import type { Topology } from './topology.ts';

/**
 * Runs `work` unless another command on this machine, from any clone, is already starting or testing the same project:
 * two at once would stop each other's containers. A lock whose holder died is taken over after 30 s.
 */
export async function oneAtATime<T>({ project }: Topology, work: () => Promise<T>): Promise<T> {
  const release = await lock(join(tmpdir(), `${project}.starting`), {
    realpath: false,
    // On a machine that is busy with a build, this process may fail to renew the lock for a while.
    stale: 30_000,
    update: 5_000,
  }).catch((error) => {
    if (error.code !== 'ELOCKED') throw error;
    throw new ActionableError(
      `Another command is at work on the project "${project}".`,
      'wait until it has ended; if it was killed, wait half a minute; then run the command again',
    );
  });
  try {
    return await work();
  } finally {
    await release();
  }
}
