import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { checkLeader, type Means } from './fence.ts';

const leader = { name: 'db-1', leaseId: '42' };
const log = pino({ level: 'silent' });

/** A world whose primary is db-1, and a list of what was done to it, in order. */
function world(
  change: { running?: boolean; isSuspected?: boolean; isSilent?: boolean; isGone?: boolean } & Partial<
    Means['engine'] & Means['etcd']
  > = {},
) {
  const done: string[] = [];
  let running = change.running ?? true;
  const container = () => ({ id: 'c1', running, pid: running ? 7 : 0 });
  const means: Means = {
    log,
    restartDelayMs: 0,
    provesDeath: true,
    findGone: async () => (change.isGone ? 'c1' : undefined),
    remember: async ({ leaseId }) => void done.push(`remember ${leaseId}`),
    isSuspected: async () => change.isSuspected ?? true,
    isProvenSilent: async () => change.isSilent ?? false,
    etcd: {
      readLeader: async () => {
        done.push('read lease');
        return leader;
      },
      revokeLease: async (leaseId) => void done.push(`revoke ${leaseId}`),
      ...change,
    },
    engine: {
      findDatabase: async (name) => {
        done.push(`find ${name}`);
        return container();
      },
      inspect: async () => {
        done.push(running ? 'see it running' : 'see it dead');
        return container();
      },
      kill: async (id) => {
        done.push(`kill ${id}`);
        running = false;
      },
      start: async (id) => void done.push(`start ${id}`),
      ...change,
    },
  };
  return { means, done };
}

describe('fencing', () => {
  it('leaves a leader alone that answers', async () => {
    const { means, done } = world({ isSuspected: false });
    expect(await checkLeader(means)).toBe('alive');
    expect(done).toEqual(['read lease', 'remember 42']);
  });

  it('ignores a reported death while the container runs', async () => {
    const { means, done } = world();
    expect(await checkLeader(means)).toBe('not proven');
    expect(done).toEqual(['read lease', 'find db-1']);
  });

  it('revokes the lease of a dead container after seeing it dead, then starts it again', async () => {
    const { means, done } = world({ running: false });
    expect(await checkLeader(means)).toBe('fenced');
    expect(done).toEqual(['read lease', 'find db-1', 'see it dead', 'revoke 42', 'start c1']);
  });

  it('revokes the lease of a leader whose process the kernel has ended, without waiting for the engine', async () => {
    const { means, done } = world({ isGone: true, isSuspected: false });
    expect(await checkLeader(means)).toBe('fenced');
    expect(done).toEqual(['read lease', 'revoke 42', 'start c1']);
  });

  it('kills a silent leader before it touches the lease', async () => {
    const { means, done } = world({ isSilent: true });
    expect(await checkLeader(means)).toBe('fenced');
    expect(done).toEqual(['read lease', 'find db-1', 'kill c1', 'see it dead', 'revoke 42', 'start c1']);
  });

  it('never revokes while the engine says that the container runs', async () => {
    const { means, done } = world({ isSilent: true, kill: async () => undefined });
    expect(await checkLeader(means)).toBe('not proven');
    expect(done).toEqual(['read lease', 'find db-1', 'see it running']);
  });

  it('never revokes when the kill fails', async () => {
    const { means, done } = world({
      isSilent: true,
      kill: () => Promise.reject(new Error('engine is gone')),
    });
    await expect(checkLeader(means)).rejects.toThrow('engine is gone');
    expect(done).toEqual(['read lease', 'find db-1']);
  });

  it('never revokes when it cannot tell which container is the leader', async () => {
    const { means, done } = world({
      findDatabase: () => Promise.reject(new Error('2 containers are called db-1')),
    });
    await expect(checkLeader(means)).rejects.toThrow('2 containers');
    expect(done).toEqual(['read lease']);
  });

  it('starts the container again although the lease had ended by itself', async () => {
    const { means, done } = world({
      running: false,
      revokeLease: () => Promise.reject(new Error('not found')),
    });
    await expect(checkLeader(means)).rejects.toThrow('not found');
    expect(done).toEqual(['read lease', 'find db-1', 'see it dead', 'start c1']);
  });

  it('does nothing while no node leads', async () => {
    const { means, done } = world({ readLeader: async () => undefined });
    expect(await checkLeader(means)).toBe('no leader');
    expect(done).toEqual([]);
  });
});
