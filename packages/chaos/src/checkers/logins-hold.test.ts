import { expect, test } from 'vitest';
import { loginsHold } from './logins-hold.ts';
import { historyOf } from './made-up.ts';

test('passes when no call is refused', () => {
  expect(loginsHold(historyOf([{ kind: 'who' }, { kind: 'login', status: 401 }]))).toMatchObject({
    'calls with a login': 2,
  });
});

test('objects to a 401 in the middle of a session, and tells what was before', () => {
  const history = historyOf([{ kind: 'who' }, { kind: 'cart', status: 401, outcome: 'failed' }]);
  expect(() => loginsHold(history)).toThrow(/shopper-1 was refused[\s\S]*who ok[\s\S]*cart failed 401/);
});

test('objects to a session that lives on after its logout', () => {
  const history = historyOf([{ kind: 'who' }, { kind: 'login', status: 200, outcome: 'failed' }]);
  expect(() => loginsHold(history)).toThrow(/refused/);
});

test('objects when no session was logged in', () => {
  expect(() => loginsHold(historyOf([{ kind: 'browse' }]))).toThrow(/nothing to look at/);
});
