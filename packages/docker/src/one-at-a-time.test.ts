import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { afterEach, expect, it, vi } from 'vitest';
import { oneAtATime } from './one-at-a-time.ts';
import { testTopology } from './topology.ts';

it('lets one caller at a time work on a project, and the next one after success or failure', async () => {
  const topology = { ...testTopology(), project: `shop-${randomUUID()}` };
  await oneAtATime(topology, async () => {
    await expect(oneAtATime(topology, async () => {})).rejects.toThrow(/Another command is at work/);
    const other = { ...topology, project: `shop-${randomUUID()}` };
    expect(await oneAtATime(other, async () => 'beside it')).toBe('beside it');
  });
  await expect(oneAtATime(topology, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(await oneAtATime(topology, async () => 'next')).toBe('next');
});

const childOf = (pid: number, project: string) => vi.stubEnv('SHOP_LOCK_HOLDER', `${project} ${pid}`);
afterEach(() => vi.unstubAllEnvs());

it('lets a command work that the holder has started, as long as the holder lives', async () => {
  const topology = { ...testTopology(), project: `shop-${randomUUID()}` };
  const { pid: dead } = spawnSync(process.execPath, ['--version']);
  await oneAtATime(topology, async () => {
    expect(process.env.SHOP_LOCK_HOLDER).toBe(`${topology.project} ${process.pid}`);
    childOf(process.ppid, topology.project);
    expect(await oneAtATime(topology, async () => 'beside it')).toBe('beside it');
    childOf(process.ppid, 'shop-of-another');
    await expect(oneAtATime(topology, async () => {})).rejects.toThrow(/Another command is at work/);
    childOf(dead, topology.project);
    await expect(oneAtATime(topology, async () => {})).rejects.toThrow(/Another command is at work/);
  });
});
