import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
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
