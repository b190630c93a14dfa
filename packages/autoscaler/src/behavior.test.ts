import { expect, test } from 'vitest';
import { type Behavior, defaultBehavior, limitSpeed, type ScalingPolicy, stabilize } from './behavior.ts';

const down = (...policies: ScalingPolicy[]): Behavior => ({
  ...defaultBehavior,
  scaleDown: { stabilizationSeconds: 0, policies },
});

test('down from 80 to 10 by 4 replicas or 10 % a minute, whichever is more: the example of the document', () => {
  const behavior = down(
    { type: 'replicas', value: 4, periodSeconds: 60 },
    { type: 'percent', value: 10, periodSeconds: 60 },
  );
  const numbers = [80];
  const changes: { at: number; change: number }[] = [];
  for (let minute = 1; numbers.at(-1)! > 10; minute += 1) {
    const now = minute * 60_000;
    const current = numbers.at(-1)!;
    const next = limitSpeed({ current, wanted: 10 }, changes, { behavior, now });
    changes.push({ at: now, change: next - current });
    numbers.push(next);
  }
  // 8 of 80, 8 of 72 (7.2 is rounded up), 7 of 64 …; below 41, four at a time.
  expect(numbers.slice(0, 4)).toEqual([80, 72, 64, 57]);
  expect(numbers.slice(-3)).toEqual([16, 12, 10]);
});

test.each([
  ['doubled in 15 s where that is more than four', 10, 100, 20],
  ['four more in 15 s where that is more than doubled', 1, 100, 5],
  ['what is less than allowed is done at once', 3, 5, 5],
  ['down at once, by default', 20, 1, 1],
])('by default: %s', (_, current, wanted, expected) => {
  expect(limitSpeed({ current, wanted }, [], { behavior: defaultBehavior, now: 0 })).toBe(expected);
});

test('replicas started within the period count against its limit, and not after it', () => {
  const changes = [{ at: 0, change: 4 }];
  expect(limitSpeed({ current: 5, wanted: 100 }, changes, { behavior: defaultBehavior, now: 10_000 })).toBe(
    5,
  );
  expect(limitSpeed({ current: 5, wanted: 100 }, changes, { behavior: defaultBehavior, now: 16_000 })).toBe(
    10,
  );
});

test('without a policy for a direction, the number does not change in it', () => {
  expect(limitSpeed({ current: 5, wanted: 2 }, [], { behavior: down(), now: 0 })).toBe(5);
});

test('down to the largest number of the window, up without waiting', () => {
  const past = [
    { at: 0, replicas: 9 },
    { at: 200_000, replicas: 6 },
  ];
  expect(stabilize({ current: 9, recommended: 2 }, past, { behavior: defaultBehavior, now: 250_000 })).toBe(
    9,
  );
  expect(stabilize({ current: 9, recommended: 2 }, past, { behavior: defaultBehavior, now: 310_000 })).toBe(
    6,
  );
  expect(stabilize({ current: 9, recommended: 2 }, past, { behavior: defaultBehavior, now: 510_000 })).toBe(
    2,
  );
  expect(stabilize({ current: 3, recommended: 8 }, past, { behavior: defaultBehavior, now: 210_000 })).toBe(
    8,
  );
});

test('up to the smallest number of the window, where there is a window for up', () => {
  const behavior = { ...defaultBehavior, scaleUp: { ...defaultBehavior.scaleUp, stabilizationSeconds: 60 } };
  expect(stabilize({ current: 3, recommended: 8 }, [{ at: 0, replicas: 4 }], { behavior, now: 30_000 })).toBe(
    4,
  );
  expect(stabilize({ current: 3, recommended: 8 }, [{ at: 0, replicas: 4 }], { behavior, now: 61_000 })).toBe(
    8,
  );
});
