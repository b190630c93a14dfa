import type { Container } from './engine.ts';
import type { Leader } from './etcd.ts';
import { findProcess, isGone, type Process } from './process.ts';

/**
 * Remembers in which process a leader lives, so that the kernel can be asked for its death: it knows at once, while the
 * engine tells only when it has taken the container's networks apart, up to a second later on a busy machine.
 *
 * The lease is read before the container is looked at. So the process that held the lease lived in this process or in one before
 * it in the same container, and is dead when this one is gone.
 */
export function rememberLeaderProcess(findDatabase: (name: string) => Promise<Container>) {
  let known: { leaseId: string; containerId: string; process: Process } | undefined;

  return {
    /** Of a leader that lives. The next lease is another one's, or that of a process which has started again. */
    async remember(leader: Leader): Promise<void> {
      if (known?.leaseId === leader.leaseId) return;
      const { id, pid } = await findDatabase(leader.name);
      const process = pid ? await findProcess(pid, id) : undefined;
      known = process && { leaseId: leader.leaseId, containerId: id, process };
    },

    /** @returns the container of this very leader when the kernel has ended it. */
    async findGone(leader: Leader): Promise<string | undefined> {
      if (known?.leaseId !== leader.leaseId || !(await isGone(known.process))) return undefined;
      return known.containerId;
    },

    /** Whether there is something to look at: cheap enough to be asked all the time. */
    async seemsGone(): Promise<boolean> {
      return known !== undefined && (await isGone(known.process));
    },
  };
}
