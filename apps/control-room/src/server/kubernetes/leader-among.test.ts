import { expect, test } from 'vitest';
import { leaderAmong } from './leader-among.ts';

const nodes = ['db-1', 'db-2', 'db-3'];
const silent = () => new Promise<boolean>(() => {});

test('the one that says so leads, also while another is silent and one does not run', async () => {
  const leads = async (node: string) => {
    if (node === 'db-1') return await silent();
    if (node === 'db-2') throw new Error('no such pod');
    return true;
  };
  expect(await leaderAmong(nodes, leads)).toBe('db-3');
});

test('no leader is no answer', async () => {
  await expect(leaderAmong(nodes, async () => false)).rejects.toThrow();
  await expect(leaderAmong(nodes, silent, 20)).rejects.toThrow(/timed out/);
});
