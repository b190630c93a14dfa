import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet, useRouter, useRouterState } from '@tanstack/react-router';
import { type ComponentType, lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useObservable } from '../api/observable.ts';
import { meQuery } from '../api/queries.ts';
import { useInSlices } from '../components/in-slices.ts';
import { badgeShown } from '../session/badge-choice.ts';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';
import { keepShell } from './keep-shell.ts';
import { notices } from './notify.ts';
import { TroubleLine } from './trouble-line.tsx';

const loadToaster = () => import('./toaster.tsx');
/** A part that the page can do without: if it cannot be loaded, for example without a network, it is left out. */
const leftOutIfMissing = (load: () => Promise<{ default: ComponentType } | undefined>) =>
  lazy(async () => (await load()) ?? { default: () => null });
const Toaster = leftOutIfMissing(loadToaster);
const SystemBadge = leftOutIfMissing(() => import('./system-badge.tsx'));

/** The order between the page's own calls and what is loaded ahead: by now the page's pictures are being loaded. */
const picturesMs = 1_000;
/** If the shop does not answer, this does not wait for it. */
const patienceMs = 4_000;

/** When the browser is idle; Safari has no such event. */
const whenIdle = (work: () => void) =>
  'requestIdleCallback' in window ? requestIdleCallback(work, { timeout: 3_000 }) : setTimeout(work, 1_000);

/** Each in a task of its own: a touch in between waits for one of them, not for all. */
function oneByOne([work, ...others]: (() => void)[]): void {
  if (!work) return;
  whenIdle(() => {
    work();
    oneByOne(others);
  });
}

/** When the page shows its main content. On a slow network, anything loaded ahead before that would delay it. */
function whenShown(queries: QueryClient, works: (() => void)[]): void {
  const latest = performance.now() + patienceMs;
  const look = () => {
    const waits = queries.isFetching() > 0 && performance.now() < latest;
    setTimeout(waits ? look : () => oneByOne(works), waits ? 100 : picturesMs);
  };
  look();
}

/**
 * Pages that a shopper is likely to visit are loaded ahead, so that they are there when an edge fails or a new release
 * comes.
 */
const ahead = [
  '/search',
  '/cart',
  '/checkout',
  '/orders',
  '/login',
  '/register',
  '/product/$slug',
  '/category/$category',
  '/orders/$id',
] as const;

function useSecondThings(): boolean {
  const router = useRouter();
  const queries = useQueryClient();
  const [ready, setReady] = useState(false);
  useEffect(() => {
    const onLoad = () =>
      whenShown(queries, [
        () => setReady(true),
        keepShell,
        loadToaster,
        () => import('./search-box.tsx'),
        () => import('../components/reviews.tsx'),
        ...ahead.map((to) => () => router.loadRouteChunk(router.routesByPath[to])),
      ]);
    if (document.readyState === 'complete') onLoad();
    else window.addEventListener('load', onLoad, { once: true });
  }, [router, queries]);
  return ready;
}

/** When a session ends while the page is open, the guards of the routes run again. */
function useGuardsOnLogout(): void {
  const router = useRouter();
  const { data: me } = useQuery(meQuery);
  const wasSignedIn = useRef(false);
  useEffect(() => {
    if (me === null && wasSignedIn.current) void router.invalidate();
    wasSignedIn.current = Boolean(me);
  }, [me, router]);
}

/** Screen readers begin at the top of a new page, as without JavaScript. */
function useFocusOnNavigation() {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const previous = useRef(path);
  useEffect(() => {
    if (previous.current !== undefined && previous.current !== path)
      main.current?.focus({ preventScroll: true });
    previous.current = path;
  }, [path]);
  return main;
}

/** The toaster is loaded with the first notice, and stays. */
function useHasHadNotices(): boolean {
  const [has, setHas] = useState(false);
  const waiting = useObservable(notices).length;
  useEffect(() => {
    if (waiting > 0) setHas(true);
  }, [waiting]);
  return has;
}

export function Layout() {
  const ready = useSecondThings();
  const hasNotices = useHasHadNotices();
  const hasBadge = useObservable(badgeShown);
  const main = useFocusOnNavigation();
  const isFurtherDown = useInSlices(true);
  useGuardsOnLogout();
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="button sr-only z-50 focus-visible:not-sr-only focus-visible:fixed focus-visible:top-3 focus-visible:left-3"
      >
        Skip to the content
      </a>
      <Header />
      <TroubleLine />
      <main id="main" ref={main} tabIndex={-1} className="min-h-[80dvh] flex-1 outline-none">
        <Outlet />
      </main>
      {isFurtherDown && <Footer />}
      <Suspense>
        {hasNotices && <Toaster />}
        {ready && hasBadge && <SystemBadge />}
      </Suspense>
    </div>
  );
}
