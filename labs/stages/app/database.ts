import { readFileSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { createPool } from '@shop/database/connection.ts';

/** Runs a statement with its values for $1, $2, … @returns its rows. @throws when the database does not answer. */
export type Query = <Row>(text: string, values?: SQLInputValue[]) => Promise<Row[]>;

/** How long a silent database may keep a request. */
const patienceMs = 1_000;

/** The first form of many shops: a database in the process, in a file on the disk of its box. */
function databaseInFile(path: string): Query {
  const file = new DatabaseSync(path);
  file.exec('PRAGMA journal_mode = WAL');
  file.exec(readFileSync(new URL('schema.sql', import.meta.url), 'utf8'));
  return async <Row>(text: string, values: SQLInputValue[] = []) => {
    const named = Object.fromEntries(values.map((value, index) => [`$${index + 1}`, value]));
    return file.prepare(text).all(named) as Row[];
  };
}

function databaseApart(url: string): Query {
  const limits = { maxConnections: 10, queryTimeoutMs: patienceMs, waitTimeoutMs: patienceMs };
  const pool = createPool({ url, password: '', ...limits });
  return <Row>(text: string, values: SQLInputValue[] = []) =>
    pool.with(async (client) => (await client.query(text, values)).rows as Row[]);
}

/** The database at `postgres://…`, or in the file of that path. */
export function databaseAt(place: string): Query {
  return place.startsWith('postgres:') ? databaseApart(place) : databaseInFile(place);
}
