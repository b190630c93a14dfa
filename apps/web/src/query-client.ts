import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isProblem } from './api/client.ts';
import { meQuery } from './api/queries.ts';
import { hasEnded } from './session/ended-session.ts';
import { forgetSignedIn } from './session/session-hint.ts';

/** The cache of everything that the API has answered. Retrying is the API client's work alone: one layer does it. */
export function createQueryClient(): QueryClient {
  const queries: QueryClient = new QueryClient({
    defaultOptions: {
      queries: { retry: false, staleTime: 5_000 },
      mutations: { retry: false },
    },
    queryCache: new QueryCache({ onError: endSession }),
    mutationCache: new MutationCache({ onError: endSession }),
  });

  /** The session ended while the page was open: the page asks for a login (session/ended-session.ts). */
  function endSession(error: Error): void {
    if (!isProblem(error, 'not-authenticated') && !isProblem(error, 'session-ended')) return;
    forgetSignedIn();
    queries.setQueryData(meQuery.queryKey, null);
    if (isProblem(error, 'session-ended')) hasEnded.update(() => true);
  }
  return queries;
}
