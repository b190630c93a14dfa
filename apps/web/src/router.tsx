import type { QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { scrollsAtOnce } from './arrival.ts';
import { Failure, LoadAnew, NotFound, PageOutline } from './components/states.tsx';
import { adminRoutes } from './routes/admin.ts';
import { catalogueRoutes } from './routes/catalogue.ts';
import { customerRoutes } from './routes/customer.ts';
import { root } from './routes/root.ts';
import { parseSearch, stringifySearch } from './search-params.ts';
import { goOnElsewhere, isOutdated } from './shell/go-on-elsewhere.ts';

const routeTree = root.addChildren([...catalogueRoutes, ...customerRoutes, adminRoutes]);

/**
 * Every page of the shop. Each except the frame is loaded when it is needed, or when a pointer comes near a link to it.
 */
export const createShopRouter = (queries: QueryClient) =>
  createRouter({
    routeTree,
    context: { queries },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    defaultPendingComponent: scrollsAtOnce ? PageOutline : undefined,
    defaultPendingMs: 500,
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: ({ error, reset }) =>
      isOutdated() ? (
        <LoadAnew start={() => void goOnElsewhere(queries)} />
      ) : (
        <Failure error={error as Error} retry={reset} />
      ),
  });
