import { describe, expect, test } from 'vitest';
import { workFor } from './server-timing.ts';

const call = (timing: string) => ({
  ...{ id: 1, method: 'GET', path: '/api/cart', status: 200, attempts: 1, durationMs: 9 },
  ...{ port: '8080', replica: 'api-1', cache: '', timing },
});

describe('the servers that worked for an answer', () => {
  test('edge, replica and database, each with its time', () => {
    const timing =
      'edge;desc="edge-1";dur=0007, db;desc="db-2";dur=3.1, catalogue-cache;desc="miss", total;dur=5';
    expect(workFor(call(timing))).toEqual({
      edge: { name: 'edge-1', ms: 7 },
      replica: { name: 'api-1', ms: 5 },
      database: { name: 'db-2', ms: 3.1 },
    });
  });

  test('several reads are added up, each node is named once', () => {
    const timing = 'db;desc="db-2";dur=1, db;desc="db-2";dur=2, db;desc="db-1";dur=4, total;dur=9';
    expect(workFor(call(timing)).database).toEqual({ name: 'db-2, db-1', ms: 7 });
  });

  test('the cache is named in place of the database when it answered', () => {
    expect(workFor(call('catalogue-cache;desc="hit", total;dur=1')).database).toEqual({ name: 'cache' });
  });

  test('without a header, only the edge’s port is known', () => {
    expect(workFor({ ...call(''), replica: '' })).toEqual({
      edge: { name: ':8080', ms: undefined },
      replica: { name: '', ms: undefined },
      database: { name: '' },
    });
  });
});
