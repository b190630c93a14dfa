import type { QueryClient } from '@tanstack/react-query';
import type { AnyRouter } from '@tanstack/react-router';
import { cartQuery, meQuery } from '../api/queries.ts';
import { hasEnded } from './ended-session.ts';
import { signedInAs } from './session-hint.ts';

/** What has changed: the cart, or the customer that is logged in. All other tabs of this origin receive it. */
type News = 'cart' | 'session';
const channel = new BroadcastChannel('shop');

export const tellOtherTabs = (news: News) => channel.postMessage(news);

/** Data of one customer, which is dropped when another customer logs in; the catalogue stays. */
const isPersonal = (name: string) => ['orders', 'order'].includes(name) || name.startsWith('admin-');

/** Drops the data of the customer that was logged in before. */
export function forgetPersonal(queries: QueryClient): void {
  queries.removeQueries({ predicate: ({ queryKey }) => isPersonal(String(queryKey[0])) });
  // Every page shows it, so it is loaded again and not removed.
  void queries.invalidateQueries({ queryKey: cartQuery.queryKey });
}

/**
 * Follows changes in other tabs. Tabs of the same edge send a message. A tab of the other edge has another origin and
 * cannot. So a tab that gets the focus compares the cookie, which both edges share, with the customer that it shows.
 */
export function followOtherTabs(queries: QueryClient, router: AnyRouter): void {
  async function lookAgain(): Promise<void> {
    hasEnded.update(() => false);
    const before = queries.getQueryData(meQuery.queryKey);
    const now = await queries.fetchQuery({ ...meQuery, staleTime: 0 }).catch(() => before);
    if (before?.id !== now?.id) forgetPersonal(queries);
    else void queries.invalidateQueries({ queryKey: cartQuery.queryKey });
    // The guards of the routes decide whether the customer that is logged in now may see this page.
    await router.invalidate();
  }
  function lookAtFocus(): void {
    const known = queries.getQueryData(meQuery.queryKey);
    if (document.visibilityState !== 'visible' || known === undefined) return;
    if (known?.id !== signedInAs()) void lookAgain();
    else void queries.invalidateQueries({ queryKey: cartQuery.queryKey });
  }
  channel.addEventListener('message', ({ data }: MessageEvent<News>) => {
    if (data === 'session') void lookAgain();
    else void queries.invalidateQueries({ queryKey: cartQuery.queryKey });
  });
  window.addEventListener('focus', lookAtFocus);
  document.addEventListener('visibilitychange', lookAtFocus);
}
