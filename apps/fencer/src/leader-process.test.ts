import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rememberLeaderProcess } from './leader-process.ts';

const leader = { name: 'db-1', leaseId: '42' };

describe.runIf(process.platform === 'linux')('the process of a leader', () => {
  let child: ChildProcess;
  let remembered: ReturnType<typeof rememberLeaderProcess>;

  beforeEach(async () => {
    child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    const id = (await readFile(`/proc/${child.pid}/cgroup`, 'latin1')).split('\n')[0]!;
    remembered = rememberLeaderProcess(async () => ({ id, running: true, pid: child.pid! }));
    await remembered.remember(leader);
  });
  afterEach(() => {
    child.kill('SIGKILL');
  });

  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };

  it('is not gone while it lives', async () => {
    expect(await remembered.seemsGone()).toBe(false);
    expect(await remembered.findGone(leader)).toBeUndefined();
  });

  it('is gone once it is killed', async () => {
    await kill();
    expect(await remembered.seemsGone()).toBe(true);
    expect(await remembered.findGone(leader)).toBeDefined();
  });

  it('says nothing about a process that holds another lease', async () => {
    await kill();
    expect(await remembered.findGone({ ...leader, leaseId: '43' })).toBeUndefined();
  });

  it('is not recorded when it could not be found', async () => {
    const unknown = rememberLeaderProcess(async () => ({ id: 'c1', running: false, pid: 0 }));
    await unknown.remember(leader);
    expect(await unknown.findGone(leader)).toBeUndefined();
  });
});
