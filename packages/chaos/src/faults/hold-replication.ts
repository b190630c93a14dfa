import { docker, primaryNode, queryNode, running } from '../topology/topology.ts';
import type { Fault } from './fault.ts';

/**
 * Stops the processes that send the primary's log to its replicas (SIGSTOP), and nothing else: a commit is then written
 * here and nowhere else, and waits. That is the moment between commit and acknowledgement, held open for as long as it
 * takes to strike in it. Freezing the replicas instead would not do: what the kernel has received for them counts as
 * sent when the primary dies.
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
        await docker('exec', container!.id, 'sh', '-c', `kill -${name} ${senders.flat().join(' ')}`);
      };
      // When the primary has been killed meanwhile, so have they.
      release = () => signal('CONT').catch(() => {});
      await signal('STOP');
    },
    undo: () => release(),
  };
}
