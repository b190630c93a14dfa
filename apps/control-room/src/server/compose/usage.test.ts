import { expect, test } from 'vitest';
import { useBetween } from './usage.ts';

const reading = { processorMs: 500, memoryBytes: 1_000, at: 10_000 };

test('cores are processor time by time', () => {
  const later = { processorMs: 750, memoryBytes: 2_000, at: 11_000 };
  expect(useBetween(reading, later)).toEqual({ cores: 0.25, memoryBytes: 2_000 });
});

test('the first reading, and the first after a restart, tell no cores', () => {
  expect(useBetween(undefined, reading)).toEqual({ memoryBytes: 1_000 });
  const restarted = { processorMs: 20, memoryBytes: 100, at: 11_000 };
  expect(useBetween(reading, restarted)).toEqual({ memoryBytes: 100 });
});
