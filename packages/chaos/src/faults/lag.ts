import { execIn } from '@shop/docker/in-container.ts';
import pWaitFor from 'p-wait-for';
import { queryNode, running } from '../topology/topology.ts';
import type { Fault } from './fault.ts';

/** Patroni's configuration of the node, in memory: written again whenever the container starts. */
const patroniConfig = '/run/patroni/patroni.yml';

/**
 * A replica receives and acknowledges everything at once and shows it `delayMs` later (`recovery_min_apply_delay`): the
 * lag of a replica under load, with an exact size. It is set through Patroni, for this node alone, because Patroni
 * reverts what ALTER SYSTEM sets for recovery. The undo waits until the node shows everything that it has received.
 */
export function lag(node: string, delayMs: number): Fault {
  return {
    name: `${node} lags by ${delayMs} ms`,
    async strike() {
      const [row] = await queryNode(node, 'SELECT pg_is_in_recovery()');
      if (row?.[0] !== 't') throw new Error(`${node} is no replica: nothing there can lag`);
      const line = `  recovery_conf: { recovery_min_apply_delay: ${delayMs} }`;
      await configure(node, `/^  recovery_conf:/d; s/^postgresql:$/&\\n${line}/`);
      await until(async () => (await delayOf(node)) === delayMs, `${node} takes up no delay`);
    },
    async undo() {
      await configure(node, '/^  recovery_conf:/d');
      await until(async () => (await delayOf(node)) === 0, `${node} keeps its delay`);
      const [row] = await queryNode(node, 'SELECT pg_last_wal_receive_lsn()');
      await until(() => hasReplayed(node, row?.[0] ?? ''), `${node} does not catch up`);
    },
  };
}

async function configure(node: string, sedScript: string): Promise<void> {
  const [container] = await running(node);
  await execIn(container!.id, 'sed', '-i', sedScript, patroniConfig);
  await execIn(container!.id, 'patronictl', 'reload', 'shop', node, '--force');
}

async function delayOf(node: string): Promise<number> {
  const sql = "SELECT setting FROM pg_settings WHERE name = 'recovery_min_apply_delay'";
  return Number((await queryNode(node, sql))[0]?.[0]);
}

/** A node that has received nothing since it started (a primary after a failover) has nothing to catch up on. */
async function hasReplayed(node: string, lsn: string): Promise<boolean> {
  const sql = `SELECT coalesce(pg_last_wal_replay_lsn() >= nullif('${lsn}', '')::pg_lsn, true)`;
  return (await queryNode(node, sql))[0]?.[0] === 't';
}

async function until(condition: () => Promise<boolean>, message: string): Promise<void> {
  await pWaitFor(condition, { interval: 100, timeout: { milliseconds: 30_000, message } });
}
