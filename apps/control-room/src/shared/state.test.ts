import { expect, test } from 'vitest';
import { hasProcesses, isOver, isWell, type State } from './state.ts';

const states: State[] = [
  ...(['running', 'starting', 'unhealthy', 'paused', 'restarting'] as const),
  ...(['down', 'done', 'waiting', 'leaving'] as const),
];

test('only what runs or has succeeded is well', () => {
  expect(states.filter(isWell)).toEqual(['running', 'done']);
});

test('what has done its work or drains is not missing', () => {
  expect(states.filter(isOver)).toEqual(['done', 'leaving']);
});

test('what has ended or has not begun has no processes', () => {
  expect(states.filter((state) => !hasProcesses(state))).toEqual(['restarting', 'down', 'done', 'waiting']);
});
