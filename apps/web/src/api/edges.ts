import { recall, remember } from './browser-storage.ts';

/**
 * Which edge to ask. Both serve the same shop and trust each other's pages (docs/api.md), and a cookie is valid for all
 * ports of a host. So when one edge is gone, the page continues at the other, with the same login.
 */

const storageName = 'edges';
/** Longer than a slow network takes for a hundred bytes; a silent edge must not delay the first page for longer. */
const probeTimeoutMs = 3_000;

let known: string[] | undefined;
let preferred = 0;
let leaving = new AbortController();

/**
 * The addresses from the last visit, until this page has loaded them: the page may come from the service worker's cache
 * while its own edge is gone. They are read only when another edge is needed, because the first access to the storage
 * delays a page.
 */
function origins(): string[] {
  known ??= [location.origin, ...siblingsIn(recall(storageName) ?? '')];
  return known;
}

function siblingsIn(list: string): string[] {
  return list
    .split(' ')
    .filter((origin) => origin !== location.origin && URL.parse(origin)?.hostname === location.hostname);
}

/** Asks this page's edge for the addresses of all edges. If it does not answer, the page changes to another edge. */
export async function learnEdges(): Promise<void> {
  try {
    const response = await fetch('/config.json', { signal: AbortSignal.timeout(probeTimeoutMs) });
    const { edges } = (await response.json()) as { edges: string };
    known = [location.origin, ...siblingsIn(edges)];
    remember(storageName, edges);
  } catch {
    leaveEdge(location.origin);
  }
}

export const edgeCount = () => origins().length;

/** The edge to ask now. */
export const currentEdge = () =>
  preferred === 0 ? location.origin : (origins()[preferred] ?? location.origin);

/** Called when `origin` did not answer: this call's next try and all later calls go to another edge. */
export function leaveEdge(origin: string): void {
  if (origin !== currentEdge() || origins().length < 2) return;
  preferred = (preferred + 1) % origins().length;
  leaving.abort(new Error(`${origin} did not answer`));
  leaving = new AbortController();
}

/** Aborts when the page leaves the present edge: a read need not wait there until its own timeout. */
export const untilEdgeIsLeft = () => leaving.signal;

/** The address of `path` at the edge that answers now: for pictures, and for the page itself. */
export const atCurrentEdge = (path: string) =>
  currentEdge() === location.origin ? path : `${currentEdge()}${path}`;

/** The same path at another edge than the one of `url`, or undefined if there is none. */
export function atOtherEdge(url: string): string | undefined {
  const { origin, pathname, search } = new URL(url, location.origin);
  const other = origins().find((candidate) => candidate !== origin);
  return other && `${other}${pathname}${search}`;
}
