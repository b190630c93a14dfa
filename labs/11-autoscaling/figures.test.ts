import { expect, test } from 'vitest';
import { paidSeconds } from './boxes.ts';
import { figuresOf, type Observed } from './figures.ts';

test('a box is paid for from its start to its end, and only within the run', () => {
  const during = { from: 10_000, to: 30_000 };
  expect(paidSeconds([{ startedAt: 0 }, { startedAt: 0 }, { startedAt: 0 }], during)).toBe(60);
  expect(paidSeconds([{ startedAt: 0 }, { startedAt: 18_000 }], during)).toBe(32);
  expect(paidSeconds([{ startedAt: 18_000, goneAt: 25_000 }], during)).toBe(7);
  expect(paidSeconds([{ startedAt: 0, goneAt: 9_000 }, { startedAt: 31_000 }], during)).toBe(0);
});

const beganAt = 100_000;
const endAt = beganAt + 20_000;
/** A request a second, answered by the box whose name is the beginning of the id. */
const answers = (from: number, to: number, status = 200, tookMs = 10): Observed['answers'] =>
  Array.from({ length: to - from }, (_, index) => ({
    ...{ box: 'old', status, at: beganAt + (from + index) * 1000, tookMs },
  }));
const recommendation = { replicas: 2, average: 1, ratio: 1 };
const decision = (second: number, current: number, wanted: number) => ({
  ...{ current, wanted, recommendation, at: beganAt + second * 1000 },
});
const old = { id: 'old-box', startedAt: 0 };

test('of a fixed form: the waits of the last seconds alone, and what was refused in all of the run', () => {
  const observed = { beganAt, endAt, boxes: [old], decisions: [] };
  const first = [...answers(0, 14, 200, 900), ...answers(0, 6, 429)];
  const figures = figuresOf({ ...observed, answers: [...first, ...answers(14, 20, 200, 50)] }, 6);
  expect(figures).toEqual({
    ...{ p99Ms: 50, refused: (100 * 6) / 26, paidS: 20, average: 1 },
  });
});

test('of an autoscaled form: its changes, its first cold start, and what failed on the way in', () => {
  const fresh = {
    ...{ id: 'new-box', startedAt: beganAt + 7_000 },
    ...{ listeningAt: beganAt + 8_000, goneAt: beganAt + 27_000 },
  };
  const own = answers(9, 20).map((answer) => ({ ...answer, box: 'new' }));
  const figures = figuresOf(
    {
      ...{ beganAt, endAt },
      boxes: [old, fresh],
      answers: [...answers(0, 20), ...own, ...answers(20, 30), ...answers(26, 28, 0)],
      decisions: [decision(1, 1, 1), decision(5, 1, 2), decision(24, 2, 1)],
    },
    8,
  );
  expect(figures).toMatchObject({
    paidS: 33,
    average: 1.65,
    refused: 0,
    changes: 2,
    drained: 1,
    failedIn: 2,
  });
  expect(figures).toMatchObject({ containerS: 2, bootS: 1, foundS: 1, warmUpS: 0 });
});

test('an autoscaler that measured nothing has no number of changes: a claim about it cannot hold', () => {
  const decisions = [{ ...decision(1, 2, 2), recommendation: undefined }];
  const figures = figuresOf({ beganAt, endAt, boxes: [old], answers: answers(0, 20), decisions }, 8);
  expect(figures.changes).toBeNaN();
});
