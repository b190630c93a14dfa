import { expect, test, vi } from 'vitest';
import { ActionableError } from './actionable-error.ts';
import { runSteps } from './steps.ts';

test('steps run one after the other, and none after the first that fails', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  const ran: string[] = [];
  const failure = new ActionableError('The engine is down.\nIts last words.', 'start it');
  const steps = [
    { title: 'first', run: async () => `${ran.push('first')}` },
    { title: 'second', run: async () => Promise.reject(failure) },
    { title: 'third', run: async () => `${ran.push('third')}` },
  ];
  await expect(runSteps(steps)).rejects.toBe(failure);
  expect(ran).toEqual(['first']);
});
