import type { QueryClient } from '@tanstack/react-query';
import type { AnyRouter } from '@tanstack/react-router';
import pRetry from 'p-retry';
import { atOtherEdge } from '../api/edges.ts';

const markerName = 'reloaded-at';
const patienceMs = 10_000;

/** A part of this page could not be loaded: its edge is gone, or there is a new release and the part with it. */
let outdated = false;
export const isOutdated = () => outdated;

const answersHere = () => fetch('/config.json', { cache: 'no-store' }).then(({ ok }) => ok);
/** By a call of the API: a page of another origin may not read the edges' own files. */
const isReachable = (url: string) => fetch(new URL('/api/whoami', url), { cache: 'no-store' });

/**
 * Where a page can be loaded now: here, or at the other edge. While no edge answers, what is on the screen is better than
 * the browser's own page about that: so this waits.
 */
const whereItIs = (url: string): Promise<string> =>
  pRetry(
    async () => {
      if (await answersHere().catch(() => false)) return url;
      const elsewhere = atOtherEdge(url);
      if (!elsewhere) throw new Error('Nobody answers');
      await isReachable(elsewhere);
      return elsewhere;
    },
    { retries: Number.POSITIVE_INFINITY, minTimeout: 500, maxTimeout: 5_000 },
  );

/** Until nothing that a shopper has asked for is still under way. */
const allWritten = (queries: QueryClient) =>
  new Promise<void>((resolve) => {
    const look = () => {
      if (queries.isMutating() > 0) return;
      stop();
      resolve();
    };
    const stop = queries.getMutationCache().subscribe(look);
    queueMicrotask(look);
  });

/**
 * Loads the page anew, here or at the other edge: cookies are the same on both, so the shopper stays where they are.
 * At most once in ten seconds, so that a page which cannot be loaded at all does not load for ever.
 */
export async function goOnElsewhere(queries: QueryClient, href = location.href): Promise<void> {
  const last = Number(sessionStorage.getItem(markerName) ?? 0);
  if (Date.now() - last < patienceMs) return;
  sessionStorage.setItem(markerName, String(Date.now()));
  await allWritten(queries);
  const url = new URL(href, location.origin).href;
  const target = await whereItIs(url);
  if (target === location.href) location.reload();
  else location.replace(target);
}

/**
 * A tab that can no longer load its parts is not thrown away under a shopper's hands: what is on the screen stays, and
 * the next page that they go to is loaded as a whole. Where the missing part was needed at once, the error component of
 * the router asks for the same.
 */
export function stayUpToDate(router: AnyRouter, queries: QueryClient): void {
  window.addEventListener('vite:preloadError', (event) => {
    event.preventDefault();
    outdated = true;
  });
  router.subscribe('onBeforeNavigate', ({ pathChanged, toLocation }) => {
    if (outdated && pathChanged) void goOnElsewhere(queries, toLocation.href);
  });
}
