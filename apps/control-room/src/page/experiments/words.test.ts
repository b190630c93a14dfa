import { expect, test } from 'vitest';
import { headlineOf } from './words.ts';

const experiment = { kind: 'lab' as const, name: '05-health', says: 'How?' };

test.each([
  ['running', 'Lab 05-health runs'],
  ['stopping', 'Lab 05-health puts everything back'],
  ['stopped', 'Lab 05-health was stopped'],
  ['passed', 'Lab 05-health passed: every claim holds'],
  ['failed', 'Lab 05-health did not pass: the last lines say why'],
] as const)('an experiment that is %s', (state, words) => {
  expect(headlineOf({ experiment, state, at: 0, lines: [] })).toBe(words);
});

test.each([
  ['running', 'Deployment is under way'],
  ['stopping', 'Deployment removes the container that does not serve yet'],
  ['stopped', 'Deployment was stopped: it goes on when it is started again'],
  ['passed', 'Deployment is done: the version of the folder serves'],
  ['failed', 'Deployment did not end: the last lines say why, and the shop goes on serving'],
] as const)('a deployment that is %s', (state, words) => {
  const deployment = { kind: 'deployment' as const, name: 'deploy', says: 'No request fails.' };
  expect(headlineOf({ experiment: deployment, state, at: 0, lines: [] })).toBe(words);
});
