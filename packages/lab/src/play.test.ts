import { expect, test } from 'vitest';
import type { Lab } from './lab.ts';
import { play } from './play.ts';

test('a lab with services of its own removes them, also when a run fails, and starts no others', async () => {
  let cleanedUp = 0;
  const fails = async () => {
    throw new Error('the run failed');
  };
  const lab = {
    runs: [{ name: 'a run', measure: fails }],
    cleanUp: async () => {
      cleanedUp += 1;
    },
  } as Partial<Lab> as Lab;
  const { signal } = new AbortController();
  const played = play({ name: '20', lab }, { quick: true, seed: 1, report: () => {}, signal });
  await expect(played).rejects.toThrow('the run failed');
  expect(cleanedUp).toBe(1);
});
