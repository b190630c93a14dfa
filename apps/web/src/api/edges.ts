import { recall, remember } from './browser-storage.ts';

/**
 * Which edge to ask. Both serve the same shop and trust each other's pages (docs/api.md), and cookies do not tell ports
 * apart: so when one is gone, the page goes on at the other, logged in as before.
 */

const storageName = 'edges';
/** Longer than a slow network takes for a hundred bytes; a silent edge must not hold the first page for longer. */
const probeTimeoutMs = 3_000;

let known: string[] | undefined;
let preferred = 0;
let leaving = new AbortController();

/**
 * From the last visit, until this page has learned them: it may have come out of the service worker's cache while its own
 * edge is gone. Looked up when another edge is needed, since the first look into the storage holds a page up.
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

/** Asks this page's edge for the addresses of all; one that does not answer is left before anything else waits for it. */
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

/** After a call that `origin` did not answer: the next one goes elsewhere, and so do all that follow. */
export function leaveEdge(origin: string): void {
  if (origin !== currentEdge() || origins().length < 2) return;
  preferred = (preferred + 1) % origins().length;
  leaving.abort(new Error(`${origin} did not answer`));
  leaving = new AbortController();
}

/** Aborts when the present edge is left: what only reads need not wait there until its own time is over. */
export const untilEdgeIsLeft = () => leaving.signal;

/** The address of `path` at the edge that answers: for pictures, and for the page itself. */
export const atCurrentEdge = (path: string) =>
  currentEdge() === location.origin ? path : `${currentEdge()}${path}`;

/** The same path at another edge than the one of `url`, or undefined if there is none. */
export function atOtherEdge(url: string): string | undefined {
  const { origin, pathname, search } = new URL(url, location.origin);
  const other = origins().find((candidate) => candidate !== origin);
  return other && `${other}${pathname}${search}`;
}
