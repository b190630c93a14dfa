import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, redirect } from '@tanstack/react-router';
import { meQuery } from '../api/queries.ts';
import { scrollsAtOnce } from '../arrival.ts';
import { Layout } from '../shell/layout.tsx';

export type Context = { queries: QueryClient };
export type Search = Record<string, unknown>;

let isFirstPage = true;

/**
 * Starts to load a page's data before the page is drawn. The page does not wait for the answers, except when the
 * browser restores a scroll position: the router does that after the first drawing, so the page must have its whole
 * height by then. While the shop is slow, placeholders are shown.
 */
export function ask(...answers: Promise<void>[]): Promise<unknown> | undefined {
  const waits = isFirstPage && scrollsAtOnce;
  isFirstPage = false;
  return waits ? Promise.all(answers) : undefined;
}

/** Every page is inside the shop's frame. */
export const root = createRootRouteWithContext<Context>()({ component: Layout });

/** A guest logs in first, and then comes back to this page. */
export async function requireCustomer({
  context,
  location,
}: {
  context: Context;
  location: { href: string };
}) {
  const me = await context.queries.ensureQueryData(meQuery);
  if (!me) throw redirect({ to: '/login', search: { from: location.href } });
  return { me };
}

export async function requireAdmin(at: { context: Context; location: { href: string } }) {
  const { me } = await requireCustomer(at);
  if (me.role !== 'admin') throw redirect({ to: '/' });
  return { me };
}
