import pWaitFor from 'p-wait-for';
import { databaseNodes, primaryNode, queryNode } from './topology.ts';

/** The timeline is in the first eight digits of a WAL file's name. */
const positionOfPrimary = `SELECT pg_current_wal_insert_lsn(),
  ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int`;

/**
 * Waits until every database node has replayed everything that the primary has written. A node must also be on the
 * primary's timeline: an old primary that was started again is for a moment ahead of the new one, on a timeline that
 * has ended.
 */
export async function quiesce(timeoutMs = 120_000): Promise<void> {
  const position = await positionNow();
  for (const node of databaseNodes) {
    await pWaitFor(() => hasReplayed(node, position), {
      interval: 200,
      timeout: {
        milliseconds: timeoutMs,
        message: `${node} does not reach ${position.lsn} of timeline ${position.timeline}`,
      },
    });
  }
}

/**
 * The nodes that replay everything that the primary has written by now, within `timeoutMs`; the primary is one of them.
 * A node that is down, frozen or behind is missing. @throws when there is no primary.
 */
export async function caughtUpNodes(timeoutMs: number): Promise<string[]> {
  const position = await positionNow();
  const isThere = (node: string) =>
    pWaitFor(() => hasReplayed(node, position), { interval: 200, timeout: timeoutMs }).then(
      () => [node],
      () => [],
    );
  return (await Promise.all(databaseNodes.map(isThere))).flat();
}

type Position = { primary: string; lsn: string | undefined; timeline: string | undefined };

async function positionNow(): Promise<Position> {
  const primary = await primaryNode();
  const [[lsn, timeline] = []] = await queryNode(primary, positionOfPrimary);
  return { primary, lsn, timeline };
}

async function hasReplayed(node: string, { primary, lsn, timeline }: Position): Promise<boolean> {
  if (node === primary) return true;
  const sql = `SELECT pg_last_wal_replay_lsn() >= '${lsn}' AND EXISTS
    (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming' AND received_tli = ${timeline})`;
  return (await queryNode(node, sql).catch(() => []))[0]?.[0] === 't';
}
