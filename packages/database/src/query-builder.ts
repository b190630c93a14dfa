import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import type { Transaction } from './connection.ts';

const builders = new WeakMap<pg.ClientBase, Transaction>();

/**
 * The query builder of a connection. It is made once for each connection, because making it costs more than a query.
 */
export function queryBuilder(client: pg.PoolClient): Transaction {
  let builder = builders.get(client);
  if (!builder) {
    builder = drizzle(preparing(client), { casing: 'snake_case' });
    builders.set(client, builder);
  }
  return builder;
}

/**
 * PgBouncer keeps 200 prepared statements for each server connection (infra/pgbouncer); further ones are not prepared.
 */
const maxNames = 150;
const names = new Map<string, string>();

/** The name under which a text is prepared, the same on each connection; none when there are too many texts already. */
function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known || names.size >= maxNames) return known;
  const name = `built_${names.size + 1}`;
  names.set(text, name);
  return name;
}

/**
 * The connection as the query builder sees it. It prepares each statement under a name, so Postgres parses and plans it
 * once for each connection, and PgBouncer forwards less. A text that depends on a number of rows is another statement
 * for each number: use `ANY` and `unnest` on hot paths.
 */
function preparing(client: pg.PoolClient): pg.PoolClient {
  const query = (config: pg.QueryConfig, values: unknown[]) => {
    config.name ??= nameOf(config.text);
    return client.query(config, values);
  };
  return Object.create(client, { query: { value: query } });
}
