import {
  type Consistency,
  formatWatermark,
  laterWatermark,
  parseWatermark,
  type Watermark,
} from '@shop/database/consistency.ts';
import {
  type EntryKind,
  entryKey,
  entryTtlSeconds,
  listsChanged,
  markerKey,
  productsChanged,
} from '@shop/redis/catalog-cache.ts';
import type { Redis } from 'ioredis';
import pRetry from 'p-retry';
import { v7 as uuid } from 'uuid';

/** What became of each thing that was asked for. */
export type CacheOutcome = 'hit' | 'miss' | 'coalesced' | 'bypassed' | 'unavailable';

/** Reads what the cache does not have, at a consistency; unknown keys are left out of the answer. */
export type Load<T> = (keys: string[], consistency: Consistency) => Promise<Map<string, T>>;

type Entry<T> = { marker: string | null; value: T };
/** What the cache knows of a key: the marker that an entry must name, and the value if there is such an entry. */
type Known<T> = { key: string; marker: string | null; value?: T };

/**
 * Cache-aside for the catalogue. A fill reads from a node that has replayed the last change it knows of, and its entry
 * names that change's marker, so no reader takes it for fresh once there is a newer one (packages/redis/src/catalog-cache.ts).
 * When the cache is away every read goes to the database.
 */
export class CatalogCache {
  readonly #redis: Redis | null;
  readonly #count: (kind: EntryKind, outcome: CacheOutcome, amount: number) => void;
  /** Fills in progress: a read that misses the same thing in this process meanwhile waits for the same fill. */
  readonly #filling = new Map<string, Promise<unknown>>();

  /** @param redis null switches the cache off. */
  constructor(redis: Redis | null, count: (kind: EntryKind, outcome: CacheOutcome, amount: number) => void) {
    this.#redis = redis;
    this.#count = count;
  }

  /** Whether reads at this consistency may be answered from here: a session that has written reads the database. */
  serves(consistency: Consistency): boolean {
    return this.#redis !== null && consistency === 'any';
  }

  async get<T>(
    kind: EntryKind,
    key: string,
    consistency: Consistency,
    load: Load<T>,
  ): Promise<T | undefined> {
    return (await this.getMany(kind, [key], consistency, load)).get(key);
  }

  /** One round trip for all keys; what is missing is loaded at once. */
  async getMany<T>(
    kind: EntryKind,
    keys: string[],
    consistency: Consistency,
    load: Load<T>,
  ): Promise<Map<string, T>> {
    if (keys.length === 0) return new Map();
    if (!this.serves(consistency)) {
      this.#count(kind, 'bypassed', keys.length);
      return await load(keys, consistency);
    }
    const known = await this.#look<T>(kind, keys);
    const hits = known.filter((one) => one.value !== undefined);
    this.#count(kind, 'hit', hits.length);
    const found = new Map(hits.map(({ key, value }) => [key, value as T]));
    if (hits.length < keys.length) {
      const misses = known.filter((one) => one.value === undefined);
      for (const [key, value] of await this.#fill(kind, misses, load)) found.set(key, value);
    }
    return found;
  }

  /** The consistency of a read that this cache does not keep: at least as new as an entry of that kind would be. */
  async lastChange(kind: EntryKind, key: string, consistency: Consistency): Promise<Consistency> {
    if (!this.serves(consistency)) return consistency;
    const [known] = await this.#look(kind, [key]);
    return consistencyOf(known?.marker ?? null);
  }

  /**
   * Tells every replica of the API, after the commit, that entries read before it are old. When the cache is away this
   * costs one failed try; the rest goes on in the background for as long as such an entry may live.
   */
  async invalidate(productIds: string[], watermark: Watermark, { lists }: { lists: boolean }): Promise<void> {
    const redis = this.#redis;
    if (!redis) return;
    const change = { watermark: formatWatermark(watermark), name: uuid() };
    const mark = async () => {
      if (productIds.length > 0) await productsChanged(redis, productIds, change);
      if (lists) await listsChanged(redis, change);
    };
    await mark().catch(() => {
      const inBackground = { retries: 100, minTimeout: 200, factor: 1, unref: true };
      void pRetry(mark, { ...inBackground, maxRetryTime: entryTtlSeconds * 1000 }).catch(() => {});
    });
  }

  async #look<T>(kind: EntryKind, keys: string[]): Promise<Known<T>[]> {
    const wanted = keys.flatMap((key) => [entryKey(kind, key), markerKey(kind, key)]);
    let answers: (string | null)[];
    try {
      answers = (await this.#redis?.mget(wanted)) ?? [];
    } catch {
      this.#count(kind, 'unavailable', keys.length);
      return keys.map((key) => ({ key, marker: null }));
    }
    return keys.map((key, at) => {
      const marker = answers[2 * at + 1] ?? null;
      const text = answers[2 * at];
      const entry = text ? (JSON.parse(text) as Entry<T>) : undefined;
      return { key, marker, value: entry?.marker === marker ? entry.value : undefined };
    });
  }

  async #fill<T>(kind: EntryKind, misses: Known<T>[], load: Load<T>): Promise<[string, T][]> {
    // A read that began before the last change is none that this request may wait for: the marker is in its name.
    const nameOf = ({ key, marker }: Known<T>) => `${entryKey(kind, key)} ${marker}`;
    const ours = misses.filter((miss) => !this.#filling.has(nameOf(miss)));
    this.#count(kind, 'miss', ours.length);
    this.#count(kind, 'coalesced', misses.length - ours.length);
    if (ours.length > 0) {
      const loading = this.#loadAndStore(kind, ours, load).finally(() => {
        for (const miss of ours) this.#filling.delete(nameOf(miss));
      });
      for (const miss of ours) this.#filling.set(nameOf(miss), loading);
    }
    const values = misses.map(async (miss) => {
      const loaded = (await this.#filling.get(nameOf(miss))) as Map<string, T>;
      return [miss.key, loaded.get(miss.key)] as const;
    });
    return (await Promise.all(values)).filter((pair): pair is [string, T] => pair[1] !== undefined);
  }

  async #loadAndStore<T>(kind: EntryKind, misses: Known<T>[], load: Load<T>): Promise<Map<string, T>> {
    const consistency = misses.map(({ marker }) => consistencyOf(marker)).reduce(laterWatermark, 'any');
    const keys = misses.map(({ key }) => key);
    const loaded = await load(keys, consistency);
    const pipeline = this.#redis?.pipeline();
    for (const { key, marker } of misses) {
      const value = loaded.get(key);
      if (value === undefined) continue;
      const entry: Entry<T> = { marker, value };
      pipeline?.set(entryKey(kind, key), JSON.stringify(entry), 'EX', entryTtlSeconds);
    }
    // No request waits for it; a cache that is away forgets nothing that matters.
    pipeline?.exec().catch(() => {});
    return loaded;
  }
}

/** A marker is `<position> <name>`. */
function consistencyOf(marker: string | null): Consistency {
  if (marker === null) return 'any';
  return parseWatermark(marker.split(' ', 1)[0] ?? '') ?? 'primary';
}
