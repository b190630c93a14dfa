import { expect, test } from 'vitest';
import { type ActionOnPod, actionsOnPods, actionsUnderCompose } from '../../shared/actions.ts';
import type { State } from '../../shared/state.ts';
import { choicesFor, withoutChoice } from './choices.ts';

const actions = (state: State, offered: readonly ActionOnPod[] = actionsOnPods) =>
  choicesFor({ state }, offered).map(({ action }) => action);

test('a pod has the buttons of a pod, and one that cannot be struck has none', () => {
  expect(actions('running')).toEqual(['kill', 'delete']);
  expect(actions('starting')).toEqual(['kill', 'delete']);
  expect(actions('down')).toEqual(['delete']);
  expect(actions('waiting')).toEqual(['delete']);
  expect(actions('done')).toEqual([]);
  expect(actions('leaving')).toEqual([]);
  expect(withoutChoice({ state: 'leaving' })).toMatch(/then gone/);
});

test('a cluster that kills nothing offers no kill', () => {
  expect(actions('running', ['delete'])).toEqual(['delete']);
});

test('a container has those of a container, and is never deleted', () => {
  const under = (state: 'running' | 'down' | 'paused') =>
    choicesFor({ state }, actionsUnderCompose).map(({ action }) => action);
  expect(under('running')).toEqual(['kill', 'stop', 'pause', 'cut', 'slow', 'restart']);
  expect([under('down'), under('paused')]).toEqual([['start'], ['start']]);
});
