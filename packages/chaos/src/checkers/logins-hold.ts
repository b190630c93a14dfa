import type { History } from '../workload/history.ts';
import { type Counts, looked, Objection } from './objection.ts';

const promise = 'a login holds until its logout';

const authenticated = new Set([
  'who',
  'cart',
  'read-cart',
  'order',
  'read-back',
  'orders',
  'cancel',
  'upload',
  'login',
]);

/**
 * Promise 5: the shoppers log in before the run and never out, so a 401 is a lost login. `login` logs in and out again
 * by itself and has failed if any of its four answers was wrong, also the 401 of after the logout.
 */
export function loginsHold(history: History): Counts {
  const asked = history.operations.filter(({ kind }) => authenticated.has(kind));
  const lost = asked.find(
    ({ kind, status, outcome, attempts }) =>
      attempts > 0 && (kind === 'login' ? outcome === 'failed' : status === 401),
  );
  if (lost) {
    const before = asked
      .filter(({ session, endedAt }) => session === lost.session && endedAt <= lost.startedAt)
      .slice(-5);
    throw new Objection(promise, `${lost.session} was refused`, history, [...before, lost]);
  }
  return looked(
    promise,
    {
      'calls with a login': asked.length,
      sessions: new Set(asked.map(({ session }) => session)).size,
      'logins and logouts in the middle': asked.filter(({ kind }) => kind === 'login').length,
    },
    ['calls with a login', 'sessions'],
  );
}
