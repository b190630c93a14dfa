import { describe, expect, it, vi } from 'vitest';
import { falselyAcknowledged, type Pool } from './connection.ts';
import { CommitUnknownError } from './errors.ts';
import { type CommitRules, Primary } from './primary.ts';

const committed = () => [{ command: 'COMMIT' }, { rows: [{ lsn: '0/3000148', node: 'db-1' }] }];
const lost = () => {
  throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
};
const fromServer = (code: string) => Object.assign(new Error(code), { code, severity: 'ERROR' });

/** A primary whose COMMITs get these answers, one after the other. It has one connection. */
function primaryThatAnswers(answers: ((client: object) => unknown)[], rules?: CommitRules) {
  const sent: string[] = [];
  const client = {
    async query(sql: string) {
      sent.push(sql);
      return sql.startsWith('COMMIT') ? answers.shift()!(client) : { rows: [] };
    },
    release: vi.fn(),
  };
  const pool = { acquire: async () => client } as unknown as Pool;
  return { primary: new Primary(pool, rules), client, sent };
}

describe('a transaction whose answer to COMMIT is lost', () => {
  it('is not run again: it may have happened', async () => {
    const { primary, client } = primaryThatAnswers([lost, committed]);
    const work = vi.fn(async () => 'done');
    await expect(primary.transaction(work)).rejects.toThrow(CommitUnknownError);
    expect(work).toHaveBeenCalledTimes(1);
    expect(client.release).toHaveBeenCalledExactlyOnceWith(expect.any(CommitUnknownError));
  });

  it('is run again when that is safe', async () => {
    const { primary } = primaryThatAnswers([lost, lost, committed]);
    const work = vi.fn(async () => 'done');
    const result = await primary.transaction(work, { replayable: true });
    expect(result).toEqual({ value: 'done', watermark: { lsn: '0/3000148' } });
    expect(work).toHaveBeenCalledTimes(3);
  });
});

describe('a transaction that fails before its COMMIT', () => {
  it('is run again when the connection was lost, whatever it does', async () => {
    const { primary } = primaryThatAnswers([committed]);
    const work = vi.fn(async () => 'done').mockImplementationOnce(async () => lost());
    expect((await primary.transaction(work)).value).toBe('done');
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('is rolled back and its connection kept when its own work fails', async () => {
    const { primary, client, sent } = primaryThatAnswers([]);
    const work = vi.fn(async () => Promise.reject(new Error('out of stock')));
    await expect(primary.transaction(work)).rejects.toThrow('out of stock');
    expect(work).toHaveBeenCalledTimes(1);
    expect(sent).toEqual(['BEGIN', 'ROLLBACK']);
    expect(client.release).toHaveBeenCalledExactlyOnceWith(undefined);
  });

  it('is not run again after the deadline', async () => {
    const { primary } = primaryThatAnswers([]);
    const work = vi.fn(async () => lost());
    await expect(primary.transaction(work, { deadline: AbortSignal.timeout(2_000) })).rejects.toThrow();
    const tries = work.mock.calls.length;
    expect(tries).toBeGreaterThan(1);
    expect(tries).toBeLessThan(20);
  });
});

describe('a COMMIT', () => {
  it('that violates a constraint has not happened, and is passed on', async () => {
    const { primary } = primaryThatAnswers([
      () => {
        throw fromServer('23505');
      },
    ]);
    await expect(primary.transaction(async () => {}, { replayable: true })).rejects.toThrow('23505');
  });

  it('that was answered with ROLLBACK is a failure', async () => {
    const { primary } = primaryThatAnswers([() => [{ command: 'ROLLBACK' }, { rows: [{}] }]]);
    await expect(primary.transaction(async () => {})).rejects.toThrow('rolled back');
  });

  it('whose wait for a standby was cancelled is unknown', async () => {
    const cancelled = (client: object) => {
      falselyAcknowledged.add(client as never);
      return committed();
    };
    const { primary } = primaryThatAnswers([cancelled]);
    await expect(primary.transaction(async () => {})).rejects.toThrow('without a standby');
    const broken = primaryThatAnswers([cancelled], { checkCancelledWaits: false });
    expect((await broken.primary.transaction(async () => 'done')).value).toBe('done');
  });

  it('whose position is not known sends the reads that follow to the primary', async () => {
    const { primary } = primaryThatAnswers([() => [{ command: 'COMMIT' }, { rows: [] }]]);
    expect((await primary.transaction(async () => {})).watermark).toBe('primary');
  });
});

describe('a statement that is a transaction of its own', () => {
  const claim = { name: 'claim', text: 'UPDATE …' };
  const rows = [{ id: 1 }];

  function primaryWhoseStatements(...answers: ((client: object) => unknown)[]) {
    const client = { query: vi.fn(async () => answers.shift()!(client)), release: vi.fn() };
    const primary = new Primary({ acquire: async () => client } as unknown as Pool);
    return { primary, client };
  }

  it('returns its rows, and sends nothing besides', async () => {
    const { primary, client } = primaryWhoseStatements(() => ({ rows }));
    expect(await primary.statement(claim, [7])).toEqual(rows);
    expect(client.query.mock.calls).toEqual([[{ ...claim, values: [7] }]]);
    expect(client.release).toHaveBeenCalledExactlyOnceWith(undefined);
  });

  it('is run again after its answer was lost only when that is safe', async () => {
    const once = primaryWhoseStatements(lost);
    await expect(once.primary.statement(claim)).rejects.toThrow(CommitUnknownError);
    expect(once.client.release).toHaveBeenCalledExactlyOnceWith(expect.any(CommitUnknownError));
    const { primary } = primaryWhoseStatements(lost, () => ({ rows }));
    expect(await primary.statement(claim, [], { replayable: true })).toEqual(rows);
  });

  it('passes on what Postgres refuses, and keeps the connection', async () => {
    const { primary, client } = primaryWhoseStatements(() => {
      throw fromServer('23505');
    });
    await expect(primary.statement(claim, [], { replayable: true })).rejects.toThrow('23505');
    expect(client.release).toHaveBeenCalledExactlyOnceWith(undefined);
  });

  it('is unknown when its wait for a standby was cancelled', async () => {
    const { primary } = primaryWhoseStatements((client) => {
      falselyAcknowledged.add(client as never);
      return { rows };
    });
    await expect(primary.statement(claim)).rejects.toThrow('without a standby');
  });
});
