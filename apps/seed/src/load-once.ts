import type pg from 'pg';
import { withPrimary } from './connect.ts';

/** Where a batch goes, and how a retry sees whether it is there: by the row with `first.id` in `first.column`. */
export type Batch = { url: string; password: string; first: { table: string; column: string; id: string } };

/**
 * Loads a batch in one transaction, and again from the start when the server goes away. If an earlier try has committed
 * and only its answer was lost, nothing is loaded: the same rows never come twice.
 */
export async function loadOnce(
  { url, password, first }: Batch,
  load: (client: pg.Client) => Promise<void>,
): Promise<void> {
  await withPrimary(url, password, async (client) => {
    await client.query('BEGIN');
    const { rowCount } = await client.query(`SELECT FROM ${first.table} WHERE ${first.column} = $1`, [
      first.id,
    ]);
    if (!rowCount) await load(client);
    // An error before this line closes the connection, which ends the transaction.
    await client.query('COMMIT');
  });
}
