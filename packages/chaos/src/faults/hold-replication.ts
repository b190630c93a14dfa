import { execIn } from '@shop/docker/in-container.ts';
import { primaryNode, queryNode, running } from '../topology/topology.ts';
import type { Fault } from './fault.ts';

/**
 * Stops the processes that send the primary's log to its replicas (SIGSTOP), and nothing else. A commit is then written
 * on the primary only, and waits. This holds open the moment between commit and acknowledgement, so that a fault can
 * strike in it. Freezing the replicas would not do: data that their kernels have received counts as sent when the
 * primary dies.
 */
export function holdReplication(): Fault {
  let release = async () => {};
  return {
    name: 'replication held',
    async strike() {
      const primary = await primaryNode();
      const [container] = await running(primary);
      const senders = await queryNode(
        primary,
        `SELECT pid FROM pg_stat_replication WHERE state = 'streaming'`,
      );
      if (senders.length === 0) throw new Error(`${primary} has no replica to hold back`);
      const signal = async (name: string) => {
        await execIn(container!.id, 'sh', '-c', `kill -${name} ${senders.flat().join(' ')}`);
      };
      // If the primary has been killed meanwhile, these processes are dead, too.
      release = () => signal('CONT').catch(() => {});
      await signal('STOP');
    },
    undo: () => release(),
  };
}
