import { expect, test } from 'vitest';
import type { Seen, Snapshot } from '../shared/snapshot.ts';
import { totalsOf } from './totals.ts';

const seen = (service: string, more: Partial<Seen> = {}): Seen => ({
  ...{ id: service, name: service, service, state: 'running', status: 'Up' },
  ...more,
});
const snapshot = (...containers: Seen[]): Snapshot => ({ at: 1, containers });
const rate = (perSecond: number) => ({ rate: { perSecond, unit: 'requests' as const } });

test('a total counts what is meant to run, and the requests of the edges alone', () => {
  const containers = [
    seen('edge-1', { cores: 0.25, memoryBytes: 10, ...rate(4) }),
    seen('edge-2', { cores: 0.5, memoryBytes: 20, ...rate(6) }),
    seen('api', { state: 'down' }),
    seen('payments', rate(100)),
    seen('migrate', { state: 'done' }),
    seen('api', { state: 'leaving', cores: 0.5 }),
  ];
  expect(totalsOf(snapshot(...containers))).toEqual({
    ...{ well: 3, all: 4, cores: 0.75, memoryBytes: 30, requests: 10 },
  });
});

test('a figure that nothing measures is absent, and no zero', () => {
  expect(totalsOf(snapshot(seen('edge-1')))).toEqual({ well: 1, all: 1 });
});
