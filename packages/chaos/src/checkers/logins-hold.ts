import type { History, Operation } from '../workload/history.ts';
import { type Counts, looked, Objection } from './objection.ts';

export const loginsPromise = 'a login holds until its logout';

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
 * Promise 5: the shoppers log in before the run and do not log out, so a 401 is a lost login. The operation `login` is
 * a second login that logs out again. It has failed if any of its four answers was wrong, also the 401 after the
 * logout.
 */
export function loginsHold(history: History): Counts {
  const asked = withLogin(history);
  const [lost] = lostLogins(history);
  if (lost) {
    const before = asked
      .filter(({ session, endedAt }) => session === lost.session && endedAt <= lost.startedAt)
      .slice(-5);
    throw new Objection(loginsPromise, `${lost.session} was refused`, history, [...before, lost]);
  }
  return looked(
    loginsPromise,
    {
      'calls with a login': asked.length,
      sessions: new Set(asked.map(({ session }) => session)).size,
      'logins and logouts in the middle': asked.filter(({ kind }) => kind === 'login').length,
    },
    ['calls with a login', 'sessions'],
  );
}

const withLogin = ({ operations }: History) => operations.filter(({ kind }) => authenticated.has(kind));

/** The operations that were refused although their session was logged in. */
export const lostLogins = (history: History): Operation[] =>
  withLogin(history).filter(
    ({ kind, status, outcome, attempts }) =>
      attempts > 0 && (kind === 'login' ? outcome === 'failed' : status === 401),
  );
