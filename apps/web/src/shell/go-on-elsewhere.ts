import type { QueryClient } from '@tanstack/react-query';
import type { AnyRouter } from '@tanstack/react-router';
import pRetry from 'p-retry';
import { atOtherEdge } from '../api/edges.ts';

const markerName = 'reloaded-at';
const patienceMs = 10_000;

/** A part of this page could not be loaded: its edge is gone, or a new release has replaced the part. */
let outdated = false;
export const isOutdated = () => outdated;

const answersHere = () => fetch('/config.json', { cache: 'no-store' }).then(({ ok }) => ok);
/** Checked by a call of the API: a page of another origin may not read the edges' own files. */
const isReachable = (url: string) => fetch(new URL('/api/whoami', url), { cache: 'no-store' });

/**
 * The edge that can load a page now: this one or the other. While no edge answers, this waits, because the page on the
 * screen is better than the browser's error page.
 */
const whereItIs = (url: string): Promise<string> =>
  pRetry(
    async () => {
      if (await answersHere().catch(() => false)) return url;
      const elsewhere = atOtherEdge(url);
      if (!elsewhere) throw new Error('No other edge answers');
      await isReachable(elsewhere);
      return elsewhere;
    },
    { retries: Number.POSITIVE_INFINITY, minTimeout: 500, maxTimeout: 5_000 },
  );

/** Resolves when no change that the shopper asked for is in progress. */
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
 * Loads the page again, here or at the other edge; cookies are the same on both, so the shopper stays logged in. At
 * most once in ten seconds, so that a page which cannot be loaded does not reload for ever.
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
 * A tab that can no longer load its parts is not reloaded while a shopper uses it: the screen stays, and the next page
 * is loaded as a whole. If the missing part was needed at once, the error component of the router reloads the page.
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
