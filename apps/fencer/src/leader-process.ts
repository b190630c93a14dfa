import type { Container } from './engine.ts';
import type { Leader } from './etcd.ts';
import { findProcess, isGone, type Process } from './process.ts';

/**
 * Remembers the process in which a leader runs, so that the kernel can be asked about its death. The kernel knows at
 * once. The engine reports a death only after it has removed the container's networks, up to a second later on a busy
 * machine.
 *
 * The lease is read before the container is inspected. So the process that held the lease is this process or an earlier
 * one in the same container, and it is dead when this process is gone.
 */
export function rememberLeaderProcess(findDatabase: (name: string) => Promise<Container>) {
  let known: { leaseId: string; containerId: string; process: Process } | undefined;

  return {
    /** Records the process of a leader that lives. A new lease belongs to another process, so it is recorded anew. */
    async remember(leader: Leader): Promise<void> {
      if (known?.leaseId === leader.leaseId) return;
      const { id, pid } = await findDatabase(leader.name);
      const process = pid ? await findProcess(pid, id) : undefined;
      known = process && { leaseId: leader.leaseId, containerId: id, process };
    },

    /** @returns the container of this leader when the kernel has ended its process. */
    async findGone(leader: Leader): Promise<string | undefined> {
      if (known?.leaseId !== leader.leaseId || !(await isGone(known.process))) return undefined;
      return known.containerId;
    },

    /** Whether a process is known: cheap enough to be asked all the time. */
    async seemsGone(): Promise<boolean> {
      return known !== undefined && (await isGone(known.process));
    },
  };
}
