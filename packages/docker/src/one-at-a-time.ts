import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ActionableError } from '@shop/command/actionable-error.ts';
import { lock } from 'proper-lockfile';
import type { Topology } from './topology.ts';

/** Names the project and the process that holds its lock to the commands that this process starts. */
const holder = 'SHOP_LOCK_HOLDER';

/**
 * Runs `work` unless another command on this machine, from any clone, is already starting or testing the same project:
 * two at once would stop each other's containers. A lock whose holder died is taken over after 30 s. A command that the
 * holder has started needs no lock of its own while the holder lives: a scenario that a test plays from the control room.
 */
export async function oneAtATime<T>({ project }: Topology, work: () => Promise<T>): Promise<T> {
  if (isHeldByAncestor(project)) return work();
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
  const before = process.env[holder];
  process.env[holder] = `${project} ${process.pid}`;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env[holder];
    else process.env[holder] = before;
    await release();
  }
}

function isHeldByAncestor(project: string): boolean {
  const [held, pid] = process.env[holder]?.split(' ') ?? [];
  // A control room that `npm start` has opened outlives it, and the lock.
  return held === project && Number(pid) !== process.pid && isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
