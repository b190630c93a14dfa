import type { Problem } from '@shop/contracts/problems.ts';
import type { QueryClient } from '@tanstack/react-query';
import type { AnyRouter } from '@tanstack/react-router';
import { api } from '../api/client.ts';
import { Observable } from '../api/observable.ts';
import { meQuery } from '../api/queries.ts';
import { forgetSignedIn, signedInAs } from './session-hint.ts';

/**
 * Whether the session of this browser has ended: the API has said so, or the browser has dropped the cookie of a customer
 * who was logged in. A login resets it, and so does continuing as a guest.
 */
export const hasEnded = new Observable(false);

/** Pages with a customer's own data. Other pages can be used without a login. */
const needsSession = /^\/(?:cart|checkout|orders|account|admin)(?:\/|$)/;

/** The code of an answer that asks for a login. */
async function loginCodeOf(response: Response): Promise<string | undefined> {
  if (response.status !== 401) return undefined;
  const { code }: Partial<Problem> = await response
    .clone()
    .json()
    .catch(() => ({}));
  return code === 'session-ended' || code === 'not-authenticated' ? code : undefined;
}

/** Asks for the login when the session has ended; the login leads back to the same page. */
export function askForLogin(router: AnyRouter, queries: QueryClient): void {
  const ask = () => {
    const { pathname, href } = router.latestLocation;
    if (pathname !== '/login' && pathname !== '/register') {
      void router.navigate({ to: '/login', search: { from: href } });
    }
  };
  // Every answer passes here, whichever part of the page has made the call.
  api.use({
    async onResponse({ request, response }) {
      const code = await loginCodeOf(response);
      if (code === undefined) return;
      const wasSignedIn = code === 'session-ended' || signedInAs() !== undefined;
      forgetSignedIn();
      queries.setQueryData(meQuery.queryKey, null);
      if (wasSignedIn) hasEnded.update(() => true);
      // A change that the shopper asked for was not made, on whichever page.
      if (request.method !== 'GET') ask();
    },
  });
  hasEnded.subscribe(() => {
    if (hasEnded.get() && needsSession.test(router.latestLocation.pathname)) ask();
  });
  router.subscribe('onResolved', ({ toLocation }) => {
    if (hasEnded.get() && needsSession.test(toLocation.pathname)) ask();
  });
}
