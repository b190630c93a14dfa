import pWaitFor from 'p-wait-for';
import { databaseNodes, primaryNode, queryNode } from './topology.ts';

/** Waits until every database node has replayed what the primary has written. */
export async function quiesce(timeoutMs = 30_000): Promise<void> {
  const primary = await primaryNode();
  const [row] = await queryNode(primary, 'SELECT pg_current_wal_insert_lsn()');
  const lsn = row?.[0];
  for (const node of databaseNodes) {
    if (node === primary) continue;
    await pWaitFor(
      async () =>
        (await queryNode(node, `SELECT pg_last_wal_replay_lsn() >= '${lsn}'`).catch(() => []))[0]?.[0] ===
        't',
      { interval: 200, timeout: { milliseconds: timeoutMs, message: `${node} does not reach ${lsn}` } },
    );
  }
}
