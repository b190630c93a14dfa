import { QueryClient } from '@tanstack/react-query';

/** The cache of all answers of the API. It does not retry: the API client does, so one layer retries. */
export const createQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: { retry: false, staleTime: 5_000 },
      mutations: { retry: false },
    },
  });
