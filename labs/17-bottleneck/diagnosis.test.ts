import { expect, test } from 'vitest';
import { growths, signals, standsOut } from './diagnosis.ts';
import { faults, faultsOf, patients } from './faults.ts';

const healthy = { queries: 3, pages: 200, poolWaitMs: 0, loopDelayMs: 12, kilobytes: 4 };

test.each(faults)('the signal of %s points at it, and at no other fault', (fault) => {
  const { column } = signals[fault];
  const sick = { ...healthy, [column]: 20 * Math.max(1, healthy[column as keyof typeof healthy]) };
  expect(growths(healthy, sick)[0]?.fault).toBe(fault);
  expect(standsOut(fault, healthy, sick)).toBeGreaterThan(3);
  for (const other of faults) if (other !== fault) expect(standsOut(other, healthy, sick)).toBeLessThan(1);
});

test('a signal that is nearly zero in health does not point at anything by a trifle', () => {
  expect(growths(healthy, { ...healthy, poolWaitMs: 1 })[0]?.growth).toBeLessThan(2);
});

test('each patient has a fault of its own, and the seed alone decides which', () => {
  const hidden = faultsOf(7);
  expect([...hidden.keys()]).toEqual([...patients]);
  expect(new Set(hidden.values())).toEqual(new Set(faults));
  expect(faultsOf(7)).toEqual(hidden);
  const orders = new Set(Array.from({ length: 20 }, (_, seed) => [...faultsOf(seed).values()].join()));
  expect(orders.size).toBeGreaterThan(1);
});
