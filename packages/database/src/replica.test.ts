import { describe, expect, it, vi } from 'vitest';
import type { Pool } from './connection.ts';
import type { Consistency } from './consistency.ts';
import { prepare } from './read-once.ts';
import { type ReadRecord, ReplicaReader } from './replica.ts';

type Position = { node: string; isPrimary: boolean; fresh: boolean };

const primary: Position = { node: 'db-1', isPrimary: true, fresh: true };
const replica: Position = { node: 'db-2', isPrimary: false, fresh: true };
const behind: Position = { ...replica, fresh: false };
const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

/** A pool whose node says of itself that it stands there, and answers each read with its name. */
function poolOf(position: Position | Error) {
  const sent: string[] = [];
  const query = async (query: string | { text: string }) => {
    const text = typeof query === 'string' ? query : query.text;
    sent.push(text);
    if (position instanceof Error) throw position;
    if (text.startsWith('BEGIN')) return [{}, { rows: [position] }];
    const { node, isPrimary, fresh } = position;
    const flag = (value: boolean) => (value ? 't' : 'f');
    return { rows: [{ row: node, position: `${node} ${flag(isPrimary)} ${flag(fresh)}` }] };
  };
  const client = { query, release: vi.fn() };
  const pool = {
    acquire: async () => client,
    with: <T>(work: (one: typeof client) => Promise<T>) => work(client),
  };
  return { pool: pool as unknown as Pool, sent, client };
}

const statement = prepare('who', 'SELECT 1 AS one');

/**
 * Reads once while the replica is at `position`, or fails with it. @returns the answer, the records of the read, and the
 * statements that each node got.
 */
async function readAt(consistency: Consistency, position: Position | Error, options = {}) {
  const [first, second] = [poolOf(position), poolOf(primary)];
  const told: ReadRecord[] = [];
  const reader = new ReplicaReader(
    {
      primary: second.pool,
      replicas: first.pool,
      onRead: (record) => told.push(record),
      fallBackToPrimary: true,
      checkWatermark: true,
      ...options,
    },
    consistency,
  );
  const [answer] = await reader.query<string>(statement, []);
  return { answer, told, askedReplica: first.sent, askedPrimary: second.sent };
}

const position: Consistency = { lsn: '0/3000148' };

describe('a read', () => {
  it.each<[string, Consistency]>([
    ['of a session that has not written', 'any'],
    ['of a session that has', position],
  ])('%s is answered by a replica that is fresh, and by no other node', async (_, consistency) => {
    const { answer, told, askedPrimary } = await readAt(consistency, replica);
    expect(answer).toBe('db-2');
    expect(told).toMatchObject([{ node: 'db-2', role: 'replica', reason: 'fresh' }]);
    expect(askedPrimary).toEqual([]);
  });

  it.each<[string, Consistency]>([
    ['that lags too far for any session', 'any'],
    ['that has not replayed the session’s write', position],
  ])('is answered by the primary in the place of a replica %s', async (_, consistency) => {
    const { answer, told } = await readAt(consistency, behind);
    expect(answer).toBe('db-1');
    expect(told).toMatchObject([{ node: 'db-1', role: 'primary', reason: 'replica-behind' }]);
  });

  it('is answered by the primary when no replica can be reached', async () => {
    const { answer, told } = await readAt('any', refused);
    expect(answer).toBe('db-1');
    expect(told).toMatchObject([{ role: 'primary', reason: 'replica-unavailable' }]);
  });

  it('that only the primary may answer asks no replica', async () => {
    const { answer, told, askedReplica } = await readAt('primary', replica);
    expect([answer, askedReplica]).toEqual(['db-1', []]);
    expect(told).toMatchObject([{ reason: 'required' }]);
  });

  it('asks the node for the position that the session must see', async () => {
    const { askedReplica } = await readAt(position, replica);
    expect(askedReplica[0]).toContain("pg_last_wal_replay_lsn() >= '0/3000148'");
    expect((await readAt('any', replica)).askedReplica.join()).not.toContain('pg_last_wal_replay_lsn');
  });

  it('with a wrong statement is not tried again on the primary', async () => {
    const wrong = Object.assign(new Error('no such column'), { code: '42703', severity: 'ERROR' });
    await expect(readAt('any', wrong)).rejects.toThrow('no such column');
  });

  it('of a broken build fails with its replica', async () => {
    await expect(readAt('any', refused, { fallBackToPrimary: false })).rejects.toThrow('ECONNREFUSED');
  });
});
