import { expect, test } from 'vitest';
import { coldStartOf, listeningAt, warmUpSeconds } from './cold-start.ts';

/** Ten answers a second from a moment, each of which took as long as the second says. */
const answersFrom = (from: number, tookMsBySecond: number[]) =>
  tookMsBySecond.flatMap((tookMs, second) =>
    Array.from({ length: 10 }, (_, index) => ({
      ...{ box: 'a', status: 200, at: from + second * 1000 + index * 100, tookMs },
    })),
  );

test('a box is warm in the first second that is about as quick as its later ones', () => {
  expect(warmUpSeconds(answersFrom(7_000, [90, 40, 14, 10, 10, 10, 10]))).toBe(2);
  expect(warmUpSeconds(answersFrom(7_000, [10, 10, 10, 10]))).toBe(0);
});

test('answers need not come in the order in which they were asked for', () => {
  expect(warmUpSeconds(answersFrom(0, [90, 10, 10, 10, 10]).reverse())).toBe(1);
});

test('a cold start is taken apart at the moments of the engine, the log and the first answer', () => {
  const moments = { decidedAt: 1_000, startedAt: 3_500, listeningAt: 5_000 };
  expect(coldStartOf(moments, answersFrom(6_200, [50, 50, 10, 10, 10, 10, 10, 10]))).toEqual({
    ...{ containerS: 2.5, bootS: 1.5, foundS: 1.2, warmUpS: 2 },
  });
});

test('the log of the API says when it listens, and says nothing of it before', () => {
  const log =
    'no JSON\n{"level":30,"time":5,"msg":"x"}\n{"time":7,"msg":"Server listening at http://127.0.0.1:3000"}\n';
  expect(listeningAt(log)).toBe(7);
  expect(listeningAt('{"level":30,"time":5,"msg":"x"}\n')).toBeUndefined();
});
