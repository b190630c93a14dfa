import '@fontsource-variable/figtree/wght.css';
import '@fontsource/fraunces/500.css';
import './styles.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { learnEdges } from './api/edges.ts';
import { prepareFormats } from './components/format.ts';
import { createQueryClient } from './query-client.ts';
import { createShopRouter } from './router.tsx';
import { askForLogin } from './session/ended-session.ts';
import { followOtherTabs } from './session/other-tabs.ts';
import { stayUpToDate } from './shell/go-on-elsewhere.ts';

const queries = createQueryClient();
const router = createShopRouter(queries);

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

// Work that takes a slow phone tens of milliseconds is split into tasks, between which the phone can react to its user.
await new Promise((next) => setTimeout(next));

prepareFormats();
void learnEdges();
followOtherTabs(queries, router);
askForLogin(router, queries);
stayUpToDate(router, queries);

// In slices: drawn in one piece, the first page blocks a slow phone for a quarter of a second.
startTransition(() =>
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  ),
);
