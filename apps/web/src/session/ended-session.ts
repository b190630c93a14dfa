import type { QueryClient } from '@tanstack/react-query';
import type { AnyRouter } from '@tanstack/react-router';
import { isProblem } from '../api/client.ts';
import { Observable } from '../api/observable.ts';

/** Whether the API has said that the session of this browser has ended. A login, or going on as a guest, settles it. */
export const hasEnded = new Observable(false);

/** Pages about what belongs to the customer. On the others the shopper may look around without a login. */
const needsSession = /^\/(?:cart|checkout|orders|account|admin)(?:\/|$)/;

/** Asks for the login when the session has ended, and lets it lead back to the same step. */
export function askForLogin(router: AnyRouter, queries: QueryClient): void {
  const ask = () => {
    const { pathname, href } = router.latestLocation;
    if (pathname !== '/login' && pathname !== '/register') {
      void router.navigate({ to: '/login', search: { from: href } });
    }
  };
  hasEnded.subscribe(() => {
    if (hasEnded.get() && needsSession.test(router.latestLocation.pathname)) ask();
  });
  // What the shopper has asked for was not done, wherever that was.
  queries.getMutationCache().subscribe(({ type, mutation }) => {
    if (type === 'updated' && isProblem(mutation.state.error, 'session-ended')) ask();
  });
  router.subscribe('onResolved', ({ toLocation }) => {
    if (hasEnded.get() && needsSession.test(toLocation.pathname)) ask();
  });
}
