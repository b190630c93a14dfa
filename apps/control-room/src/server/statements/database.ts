import { psql } from '@shop/chaos/topology/psql-session.ts';
import { queryNode, runOn } from '@shop/chaos/topology/topology.ts';
import pTimeout from 'p-timeout';

/** What a node has counted of one kind of statement since its statistics began. */
export interface Count {
  role: Program;
  /** A number of 64 bits, so it is text. */
  queryId: string;
  text: string;
  /** When the node began to count it. It begins again when the statistics are reset or had no more room for it. */
  since: string;
  calls: number;
  rows: number;
  /** Of all its calls. */
  ms: number;
}

/** The roles of the shop's programs, each with its database (infra/db/roles.sql). */
const programs = { shop_app: 'shop', payments_app: 'payments' } as const;
export type Program = keyof typeof programs;

/** One line of JSON, read as the exporter's role: that may read statistics, and no table. */
const countsSql = `
  BEGIN READ ONLY;
  SET LOCAL ROLE monitor;
  SELECT coalesce(json_agg(json_build_object('role', rolname, 'queryId', queryid::text, 'text', query,
    'since', stats_since, 'calls', calls, 'rows', rows, 'ms', total_exec_time)), '[]')
  FROM pg_stat_statements JOIN pg_roles ON pg_roles.oid = userid
  WHERE rolname IN (${Object.keys(programs).map((role) => `'${role}'`)}) AND queryid IS NOT NULL;
  COMMIT`;

/** @throws when the node does not run or does not answer. */
export async function readCounts(node: string): Promise<Count[]> {
  const [[counts = ''] = []] = await queryNode(node, countsSql);
  return JSON.parse(counts);
}

/**
 * The plan of a statement for any values, as Postgres writes it. Postgres does not run the statement. The role is the one
 * that sends it, because Postgres plans only what a role may do; the session may only read.
 *
 * @param text as pg_stat_statements has it, which is one statement.
 * @throws with Postgres' words when it makes no such plan, and when the node does not answer.
 */
export async function explain(node: string, role: Program, text: string): Promise<string> {
  // The statistics must not count it as a statement of that program.
  const track = '-c pg_stat_statements.track=none';
  const options = `-c role=${role} -c default_transaction_read_only=on -c statement_timeout=3s ${track}`;
  // psql sends a `--command` as it is: a backslash or a colon in it has no meaning for psql.
  const command = [...psql, '--no-align', '--tuples-only', programs[role], '--command'];
  const explained = runOn(
    ...([node, 'env', `PGOPTIONS=${options}`] as const),
    ...[...command, `EXPLAIN (GENERIC_PLAN) ${withCasts(text)}`],
  );
  const asked = explained.catch((error: Error) => {
    throw new Error(wordsOf(error));
  });
  // On a node that is frozen, nothing else ends it.
  return await pTimeout(asked, { milliseconds: 5_000, message: `${node} does not answer.` });
}

/** The statistics keep `interval '5 s'` as `interval $1`, which Postgres does not read; it reads `$1::interval`. */
export const withCasts = (text: string) =>
  text.replace(/\b(interval|date|time|timestamp|timestamptz) (\$\d+)/gi, '$2::$1');

/** What Postgres said of SQL that it refused, without the SQL; other errors keep their words. */
export function wordsOf({ message }: Error): string {
  const [, said] = / failed \(exit code \d+\): ERROR: +(.+)/.exec(message) ?? [];
  return said ?? message;
}
