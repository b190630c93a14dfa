import { primaryNode, queryNode, running } from '@shop/chaos/topology/topology.ts';
import { execIn } from '@shop/docker/in-container.ts';
import { type ProcessorTimes, processorTimesOf } from '@shop/docker/usage.ts';
import { project } from '@shop/shop-client/topology-under-test.ts';
import pWaitFor from 'p-wait-for';

/** What the containers have used up to a moment. */
export type Reading = {
  /** Milliseconds of `performance.now()`. */
  atMs: number;
  processorMs: ProcessorTimes;
  /** Queries and syncs that the PgBouncers passed on: each is a message to Postgres and an answer. */
  requestsToPostgres: number;
  /** The position of the write-ahead log. */
  lsn: string;
  /** Commits that wrote to the log since an earlier reading. A standby confirmed each. Reads write no record. */
  commitsSince(earlier: Reading): Promise<number>;
};

/** Opens the meters of the topology under test. @returns a function that reads them. */
export async function readMeters(): Promise<() => Promise<Reading>> {
  const primary = await primaryNode();
  const [database] = await running(primary);
  const [replica] = await running('api');
  // An exporter may start later than the services that a call passes.
  const message = 'the exporters of PgBouncer do not answer';
  const answer = async () => (await requestsPassedOn(replica!.id).catch(() => 0)) > 0;
  await pWaitFor(answer, { interval: 500, timeout: { milliseconds: 60_000, message } });
  return async () => {
    const processorMs = await processorTimesOf({ project });
    const atMs = performance.now();
    const requestsToPostgres = await requestsPassedOn(replica!.id);
    const [[lsn = ''] = []] = await queryNode(primary, 'SELECT pg_current_wal_flush_lsn()');
    const commitsSince = (earlier: Reading) => countCommits(database!.id, earlier.lsn, lsn);
    return { atMs, processorMs, requestsToPostgres, lsn, commitsSince };
  };
}

/** Counts the commit records of the write-ahead log between two positions, of all databases. */
async function countCommits(containerId: string, from: string, to: string): Promise<number> {
  // Without a write, pg_waldump finds no first record and fails.
  if (from === to) return 0;
  const ask = (sql: string) => `"$(psql -U postgres -AtXc '${sql}')"`;
  const command = `$(ls -d /usr/lib/postgresql/*/bin)/pg_waldump --stats=record --start=${from} --end=${to} \
    --timeline=${ask('SELECT timeline_id FROM pg_control_checkpoint()')} --path=${ask('SHOW data_directory')}/pg_wal`;
  const table = await execIn(containerId, 'sh', '-c', command);
  const counts = [...table.matchAll(/^Transaction\/COMMIT\S*\s+(\d+)/gm)].map(([, count]) => Number(count));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Reads an exporter through a container of the API, because no exporter publishes a port. */
async function requestsPassedOn(containerId: string): Promise<number> {
  const script = `for (const n of [1, 2]) fetch('http://exporter-pgbouncer-' + n + ':9127/metrics').then((a) => a.text()).then(console.log)`;
  const text = await execIn(containerId, 'node', '--eval', script);
  const counts = [...text.matchAll(/^pgbouncer_stats_queries_pooled_total\{.*\} (\S+)$/gm)];
  if (counts.length === 0) throw new Error('the exporters of PgBouncer count no queries');
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}
