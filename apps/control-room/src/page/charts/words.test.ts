import { expect, test } from 'vitest';
import type { Action } from '../../shared/actions.ts';
import type { Line } from '../../shared/charts.ts';
import { amount, gapOf, highestOf, isCollecting, marksOf, newestOf, silenceOf, timeOf } from './words.ts';

const times = [0, 15_000, 30_000, 45_000, 60_000];
const line = (...values: (number | null)[]) => ({ name: 'api-1', values });
const action = (id: number, at: number, isFault = true): Action => ({
  id,
  at,
  name: `SIGKILL api-${id}`,
  isFault,
  outcome: 'done',
  undoable: true,
});

test.each([
  [0, '0'],
  [0.042, '0.04'],
  [1.25, '1.25'],
  [31.42, '31.4'],
  [1250, '1,250'],
])('%s is %s', (value, words) => {
  expect(amount(value)).toBe(words);
});

test('a line whose newest value is missing has none, and says since when', () => {
  expect(newestOf(line(1, 2, 3, 0, 4))).toBe(4);
  expect(newestOf(line(1, 2, 3, 4, 0))).toBe(0);
  const silent = line(1, 7, 2, null, null);
  expect(newestOf(silent)).toBeUndefined();
  expect(highestOf(silent)).toBe(7);
  expect(silenceOf(silent, times)).toBe(`until ${timeOf(30_000)}`);
});

test('a chart says since when it has no data, and nothing while one of its lines has', () => {
  const ended = line(1, 2, null, null, null);
  expect(gapOf({ lines: [ended, line(1, 1, 1, 1, 0)] }, times)).toBeUndefined();
  expect(gapOf({ lines: [ended, line(1, 1, 1, null, null)] }, times)).toBe(
    `No data since ${timeOf(30_000)}.`,
  );
  expect(gapOf({ lines: [] }, times)).toBe(`No data since ${timeOf(0)}, or longer.`);
});

test('a shop collects its first figures until Prometheus has measured for two minutes', () => {
  const minutes = Array.from({ length: 16 }, (_, index) => index * 60_000);
  const sinceMinute = (first: number) => line(...minutes.map((_, index) => (index < first ? null : 1)));
  const collects = (...lines: Line[]) => {
    const chart = { id: '', title: '', unit: '', note: '', leftOut: 0 };
    return isCollecting({
      times: minutes,
      charts: [
        { ...chart, lines },
        { ...chart, lines: [] },
      ],
    });
  };
  expect(collects()).toBe(true);
  expect(collects(sinceMinute(14), sinceMinute(15))).toBe(true);
  expect(collects(sinceMinute(15), sinceMinute(13))).toBe(false);
  // What was measured before has ended.
  expect(collects(line(1, ...Array(15).fill(null)))).toBe(false);
});

test('each action of the window is marked at its time, and a newer one at the end', () => {
  const actions = [action(4, 66_000), action(3, 45_000, false), action(2, 15_000), action(1, -1)];
  expect(marksOf(actions, times).map(({ id, isFault, place }) => [id, isFault, place])).toEqual([
    [2, true, 0.25],
    [3, false, 0.75],
    [4, true, 1],
  ]);
});
