import { afterEach, expect, test, vi } from 'vitest';
import { ActionableError } from './actionable-error.ts';
import { runSteps } from './steps.ts';

afterEach(() => vi.useRealTimers());

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

test('a long line of a step is shown by its beginning', async () => {
  vi.useFakeTimers();
  const shown = vi.spyOn(console, 'log').mockImplementation(() => {});
  const written = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  const run = async (report: (line: string) => void) => {
    report(`RUN go build ${'-flag '.repeat(100)}`);
    await vi.advanceTimersByTimeAsync(10_000);
    return 'done';
  };
  await runSteps([{ title: 'compile', run }]);
  const lines = [...shown.mock.calls, ...written.mock.calls].map(([text]) => String(text));
  const line = lines.find((text) => text.includes('RUN go build'));
  expect(line).toMatch(/-fl?a?g?…/);
  expect(line!.length).toBeLessThan(150);
});
