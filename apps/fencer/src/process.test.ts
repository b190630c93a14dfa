import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProcess, isGone } from './process.ts';

describe.runIf(process.platform === 'linux')('a process of the machine', () => {
  let child: ChildProcess;
  let cgroup: string;

  beforeEach(async () => {
    child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    cgroup = (await readFile(`/proc/${child.pid}/cgroup`, 'latin1')).split('\n')[0]!;
  });
  afterEach(() => {
    child.kill('SIGKILL');
  });

  it('is there until it is killed', async () => {
    const found = await findProcess(child.pid!, cgroup);
    expect(await isGone(found!)).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await isGone(found!)).toBe(true);
  });

  it('is there while it is stopped', async () => {
    const found = await findProcess(child.pid!, cgroup);
    child.kill('SIGSTOP');
    expect(await isGone(found!)).toBe(false);
  });

  it('is gone when another has its number', async () => {
    expect(await isGone({ pid: child.pid!, startedAt: '1' })).toBe(true);
  });

  it('is not taken for the process of a container that it is not in', async () => {
    expect(await findProcess(child.pid!, 'f'.repeat(64))).toBeUndefined();
  });
});
