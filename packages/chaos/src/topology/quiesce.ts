import pWaitFor from 'p-wait-for';
import { databaseNodes, primaryNode, queryNode } from './topology.ts';

/** The timeline is in the first eight digits of a WAL file's name. */
const positionOfPrimary = `SELECT pg_current_wal_insert_lsn(),
  ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int`;

/**
 * Waits until every database node has replayed what the primary has written. A node must follow the primary's timeline
 * meanwhile: an old primary that was started again is for a moment further than the new one, on a timeline that ended.
 */
export async function quiesce(timeoutMs = 30_000): Promise<void> {
  const primary = await primaryNode();
  const [[lsn, timeline] = []] = await queryNode(primary, positionOfPrimary);
  const hasReplayed = `SELECT pg_last_wal_replay_lsn() >= '${lsn}' AND EXISTS
    (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming' AND received_tli = ${timeline})`;
  for (const node of databaseNodes) {
    if (node === primary) continue;
    await pWaitFor(async () => (await queryNode(node, hasReplayed).catch(() => []))[0]?.[0] === 't', {
      interval: 200,
      timeout: { milliseconds: timeoutMs, message: `${node} does not reach ${lsn} of timeline ${timeline}` },
    });
  }
}
