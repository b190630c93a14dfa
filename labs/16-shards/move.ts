import type pg from 'pg';

/**
 * Moves a bucket to another shard while customers write. The first copy runs beside the writes. The second copy has only
 * the orders that came meanwhile, and only the writes of this bucket wait for it. At no moment do two shards own the
 * bucket. A mover that dies between its two commits leaves a bucket without an owner: clients wait for an owner, and
 * their writes fail after 5 s. The mover can repeat the move, and no acknowledged order is lost.
 */
export async function moveBucket(bucket: number, from: pg.Pool, to: pg.Pool): Promise<void> {
  await copyOrders(bucket, from, to);
  const source = await from.connect();
  try {
    await source.query('BEGIN');
    // Waits for inserts in progress; inserts that come later wait for the COMMIT, and then find no row.
    await source.query('DELETE FROM owned_buckets WHERE bucket = $1', [bucket]);
    await copyOrders(bucket, source, to);
    await source.query('DELETE FROM orders WHERE bucket = $1', [bucket]);
    await source.query('COMMIT');
  } catch (error) {
    await source.query('ROLLBACK');
    throw error;
  } finally {
    source.release();
  }
  await to.query('INSERT INTO owned_buckets VALUES ($1)', [bucket]);
}

/** The same steps without the fence: a client with the old map writes orders after the copy, and the last step deletes them. */
export async function moveBucketUnfenced(bucket: number, from: pg.Pool, to: pg.Pool): Promise<void> {
  await copyOrders(bucket, from, to);
  await to.query('INSERT INTO owned_buckets VALUES ($1)', [bucket]);
  await from.query('DELETE FROM owned_buckets WHERE bucket = $1', [bucket]);
  await from.query('DELETE FROM orders WHERE bucket = $1', [bucket]);
}

async function copyOrders(bucket: number, from: pg.Pool | pg.PoolClient, to: pg.Pool): Promise<void> {
  const { rows } = await from.query<{ all: string }>(
    `SELECT coalesce(json_agg(orders), '[]')::text AS all FROM orders WHERE bucket = $1`,
    [bucket],
  );
  await to.query(
    'INSERT INTO orders SELECT * FROM json_populate_recordset(NULL::orders, $1) ON CONFLICT (id) DO NOTHING',
    [rows[0]!.all],
  );
}
