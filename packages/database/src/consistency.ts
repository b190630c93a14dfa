/**
 * How fresh a read must be. GitLab's database load balancing works the same way
 * (https://docs.gitlab.com/administration/postgresql/database_load_balancing/), with the position kept in a store;
 * here the client carries it, so no failover can lose it.
 *
 * - `any`: every replica that lags less than 30 s.
 * - `{lsn}`: a replica that has replayed the write-ahead log up to there, else the primary.
 * - `primary`: the position could not be read; only the primary will do.
 */
export type Watermark = { lsn: string } | 'primary';
export type Consistency = Watermark | 'any';

const lsnPattern = /^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/;

/** Text form for a cookie: an LSN such as `0/3000148`, or `primary`. */
export function formatWatermark(watermark: Watermark): string {
  return watermark === 'primary' ? 'primary' : watermark.lsn;
}

/** The reverse of `formatWatermark`; undefined for anything that is neither. */
export function parseWatermark(text: string): Watermark | undefined {
  if (text === 'primary') return 'primary';
  return lsnPattern.test(text) ? { lsn: text } : undefined;
}

/** The stricter of two: a session that wrote twice must see both writes. */
export function laterWatermark(a: Consistency, b: Consistency): Consistency {
  if (a === 'primary' || b === 'primary') return 'primary';
  if (a === 'any') return b;
  if (b === 'any') return a;
  return lsnToNumber(a.lsn) >= lsnToNumber(b.lsn) ? a : b;
}

function lsnToNumber(lsn: string): bigint {
  const [high = '0', low = '0'] = lsn.split('/');
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}
