import { readFileSync } from 'node:fs';
import type { Redis, RedisOptions } from 'ioredis';

/**
 * What API and worker agree on about the catalogue's cache. An entry names the marker that it was read under and is
 * valid while that is still the marker. So a change needs only to set a new marker after the commit:
 * an entry filled from what was read before, even if it arrives later, is never served.
 */

/** `product`: by id. `slug`: slug → id. `list`: ids of a page, by a hash of its query. `categories`: all of them. */
export type EntryKind = 'product' | 'slug' | 'list' | 'categories';

export const entryKey = (kind: EntryKind, key: string) => `${kind}:${key}`;

/** What a change of the products' own fields touches; which products exist, in which order and under which slug, is one thing. */
export const markerKey = (kind: EntryKind, key: string) =>
  kind === 'product' ? `changed:${key}` : 'changed:lists';

/** How long an entry may live if every invalidation is lost. */
export const entryTtlSeconds = 10;
/** Longer than an entry lives and than a replica may lag and still serve. */
const markerTtlSeconds = 60;

const markChangedScript = readFileSync(new URL('scripts/mark-changed.lua', import.meta.url), 'utf8');

/** A writer's note: `watermark` is the position of its commit as text, `name` is new for each change. */
export type Change = { watermark: string; name: string };

/** These products' fields have changed, such as price or stock. Safe to repeat. */
export async function productsChanged(cache: Redis, productIds: string[], change: Change): Promise<void> {
  await markChanged(
    cache,
    productIds.map((id) => markerKey('product', id)),
    productIds.map((id) => entryKey('product', id)),
    change,
  );
}

/** Products came, went, moved to another category or slug, or now sort elsewhere. Safe to repeat. */
export async function listsChanged(cache: Redis, change: Change): Promise<void> {
  await markChanged(cache, [markerKey('list', '')], [entryKey('categories', 'all')], change);
}

async function markChanged(
  cache: Redis,
  markers: string[],
  entries: string[],
  { watermark, name }: Change,
): Promise<void> {
  const keys = [...markers, ...entries];
  await cache.eval(
    markChangedScript,
    keys.length,
    ...keys,
    markers.length,
    watermark,
    name,
    markerTtlSeconds,
  );
}

/**
 * For a cache that may be gone, paused or cut off without a sign of it: what is not answered at once counts as
 * failed, and while there is no live connection each command fails without waiting.
 */
export const cacheOptions = {
  commandTimeout: 100,
  // Closes the connection of a peer that is silent; the next one is ready only when the cache really answers. Not less:
  // a process that was busy for a moment must not take that for the silence of its cache.
  socketTimeout: 300,
  connectTimeout: 500,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  retryStrategy: (attempt: number) => Math.min(attempt * 50, 500),
} as const satisfies RedisOptions;
