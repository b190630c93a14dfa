import { expect, test } from 'vitest';
import { usesOf } from './usage.ts';

const item = (name: string, ...usage: { cpu: string; memory: string }[]) => ({
  metadata: { name },
  containers: usage.map((usage) => ({ usage })),
});

test('the figures of metrics-server are cores and bytes by pod, and containers of a pod are added up', () => {
  const items = [
    item('api-a', { cpu: '12345678n', memory: '97528Ki' }),
    item('db-1', { cpu: '150m', memory: '2Mi' }, { cpu: '1', memory: '1000' }),
    item('idle', { cpu: '0', memory: '0' }),
  ];
  expect(usesOf({ items })).toEqual(
    new Map([
      ['api-a', { cores: expect.closeTo(0.012345678, 9), memoryBytes: 97_528 * 1_024 }],
      ['db-1', { cores: 1.15, memoryBytes: 2 * 1_024 ** 2 + 1_000 }],
      ['idle', { cores: 0, memoryBytes: 0 }],
    ]),
  );
});

test('an answer that is no quantity is no zero', () => {
  expect(() => usesOf({ items: [item('api-a', { cpu: 'much', memory: '1Ki' })] })).toThrow(/"much"/);
  expect(() => usesOf({ items: [item('api-a', { cpu: '1x', memory: '1Ki' })] })).toThrow(/"1x"/);
});
