import type { Transaction } from './connection.ts';

/**
 * A statement that each connection prepares once, under its name. Its text is the same for any number of rows: it uses
 * `ANY` and `unnest`.
 */
export type NamedStatement = { name: string; text: string };

/** Runs a statement in a transaction (`inside`), or as a transaction of its own (`Primary.statement`). */
export type RunStatement = <Row extends object>(
  statement: NamedStatement,
  values?: unknown[],
) => Promise<Row[]>;

/**
 * Runs statements of a hot path in a transaction. The query builder makes the text and the mapping of the rows anew for
 * each call, which costs more than sending the statement.
 */
export function inside({ $client }: Transaction): RunStatement {
  return async <Row extends object>({ name, text }: NamedStatement, values: unknown[] = []) =>
    (await $client.query<Row>({ name, text, values })).rows;
}
