import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Consistency } from '@shop/database/consistency.ts';
import { cacheOptions } from '@shop/redis/catalog-cache.ts';
import { eventually } from '@shop/testing/eventually.ts';
import { Redis } from 'ioredis';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CatalogCache } from './catalog.cache.ts';

/** Patient, so that what is tested does not depend on how busy the machine is. */
const redis = new Redis(process.env.CACHE_URL ?? '', {
  ...cacheOptions,
  commandTimeout: 10_000,
  socketTimeout: 10_000,
});
redis.on('error', () => {});
beforeAll(() => eventually(5_000, () => redis.ping()));
afterAll(() => redis.disconnect());

let counts: Record<string, number>;
const count = (_kind: string, outcome: string, amount: number) => {
  counts[outcome] = (counts[outcome] ?? 0) + amount;
};
/** Two replicas of the API: they share the cache and nothing else. */
const one = new CatalogCache(redis, count);
const other = new CatalogCache(redis, count);
beforeEach(() => {
  counts = {};
});

/** A database of one value, which tells how it was asked. */
function source(value: string) {
  const asked: Consistency[] = [];
  const load = async (keys: string[], consistency: Consistency) => {
    asked.push(consistency);
    const read = value;
    await sleep(20);
    return new Map(keys.map((key) => [key, read]));
  };
  return { load, asked, change: (next: string) => (value = next) };
}

describe('the catalogue’s cache', () => {
  it('asks the database once, for all replicas of the API', async () => {
    const [id, { load, asked }] = [uuid(), source('old')];
    expect(await one.get('product', id, 'any', load)).toBe('old');
    expect(await other.get('product', id, 'any', load)).toBe('old');
    expect(asked).toEqual(['any']);
    expect(counts).toEqual(expect.objectContaining({ miss: 1, hit: 1 }));
    expect(await redis.ttl(`product:${id}`)).toBeLessThanOrEqual(10);
  });

  it('asks the database once for reads that miss the same thing at the same time', async () => {
    const [id, { load, asked }] = [uuid(), source('old')];
    const answers = await Promise.all(Array.from({ length: 20 }, () => one.get('product', id, 'any', load)));
    expect(new Set(answers)).toEqual(new Set(['old']));
    expect(asked).toHaveLength(1);
    expect(counts).toMatchObject({ miss: 1, coalesced: 19 });
  });

  it('reads what it does not have in one go, and leaves out what does not exist', async () => {
    const [known, missing, nowhere] = [uuid(), uuid(), uuid()];
    const { load } = source('old');
    await one.get('product', known, 'any', load);
    const asked: string[][] = [];
    const found = await one.getMany('product', [known, missing, nowhere], 'any', async (keys) => {
      asked.push(keys);
      return new Map([[missing, 'new']]);
    });
    expect(asked).toEqual([[missing, nowhere]]);
    expect(Object.fromEntries(found)).toEqual({ [known]: 'old', [missing]: 'new' });
  });

  it('serves nothing from before a change, and reads where the change can be seen', async () => {
    const [id, database] = [uuid(), source('old')];
    await one.get('product', id, 'any', database.load);
    database.change('new');
    await other.invalidate([id], { lsn: '0/3000148' }, { lists: false });
    expect(await one.get('product', id, 'any', database.load)).toBe('new');
    expect(await other.get('product', id, 'any', database.load)).toBe('new');
    expect(database.asked).toEqual(['any', { lsn: '0/3000148' }]);
  });

  it('does not serve a fill that began before a change and ended after it', async () => {
    const [id, database] = [uuid(), source('old')];
    const begun = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const slow: typeof database.load = async (keys, at) => {
      const found = database.load(keys, at);
      begun.resolve();
      await held.promise;
      return await found;
    };
    const early = one.get('product', id, 'any', slow);
    await begun.promise;
    database.change('new');
    await other.invalidate([id], 'primary', { lists: false });
    // The same replica meanwhile: it must not wait for the old read either.
    expect(await one.get('product', id, 'any', database.load)).toBe('new');
    held.resolve();
    expect(await early).toBe('old');
    await sleep(20);
    expect(await other.get('product', id, 'any', database.load)).toBe('new');
    // The old fill may have come last: then the product is read once more, and never where the change cannot be seen.
    const [before, ...after] = database.asked;
    expect([before, new Set(after)]).toEqual(['any', new Set(['primary'])]);
  });

  it('reads after the latest of several changes, in whatever order they are told', async () => {
    const [id, database] = [uuid(), source('old')];
    for (const lsn of ['0/FFFFFFFF', '1/0000A000', '1/9000', '0/10']) {
      await one.invalidate([id], { lsn }, { lists: false });
    }
    await one.get('product', id, 'any', database.load);
    await one.invalidate([id], 'primary', { lists: false });
    await one.invalidate([id], { lsn: '2/0' }, { lists: false });
    await one.get('product', id, 'any', database.load);
    expect(database.asked).toEqual([{ lsn: '1/0000A000' }, 'primary']);
  });

  it('forgets lists, slugs and categories together when products come, go or move', async () => {
    const database = source('old');
    const kinds = [
      ['list', uuid()],
      ['slug', uuid()],
      ['categories', 'all'],
    ] as const;
    for (const [kind, key] of kinds) await one.get(kind, key, 'any', database.load);
    const product = uuid();
    await one.get('product', product, 'any', database.load);
    database.change('new');
    await one.invalidate([], { lsn: '0/20' }, { lists: true });
    for (const [kind, key] of kinds) expect(await one.get(kind, key, 'any', database.load)).toBe('new');
    expect(await one.get('product', product, 'any', database.load)).toBe('old');
  });

  it('tells a read that keeps nothing where the last change can be seen', async () => {
    const id = uuid();
    expect(await one.lastChange('product', id, 'any')).toBe('any');
    await one.invalidate([id], { lsn: '0/3000148' }, { lists: false });
    expect(await other.lastChange('product', id, 'any')).toEqual({ lsn: '0/3000148' });
    expect(await other.lastChange('product', id, { lsn: '0/30' })).toEqual({ lsn: '0/30' });
  });

  it('is not asked for a session that has written', async () => {
    const [id, { load, asked }] = [uuid(), source('old')];
    await one.get('product', id, 'any', load);
    await one.get('product', id, { lsn: '0/30' }, load);
    expect(asked).toEqual(['any', { lsn: '0/30' }]);
    expect(counts.bypassed).toBe(1);
  });

  it('passes a failure on to every waiting read, and keeps nothing of it', async () => {
    const id = uuid();
    const failing = async () => {
      await sleep(10);
      throw new Error('database away');
    };
    const both = await Promise.allSettled([
      one.get('product', id, 'any', failing),
      one.get('product', id, 'any', failing),
    ]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await one.get('product', id, 'any', source('back').load)).toBe('back');
  });
});

describe('a cache that is away', () => {
  it('costs nothing when its port is closed', async () => {
    const absent = new Redis('redis://127.0.0.1:1', cacheOptions);
    absent.on('error', () => {});
    const cache = new CatalogCache(absent, count);
    const from = performance.now();
    for (let time = 0; time < 50; time += 1)
      expect(await cache.get('product', 'x', 'any', async () => new Map([['x', 1]]))).toBe(1);
    // Fifty times the command's timeout would be five seconds.
    expect(performance.now() - from).toBeLessThan(4_000);
    expect(counts.unavailable).toBe(50);
    absent.disconnect();
  });

  it('that is silent, as a paused one is, costs the first requests 100 ms and then nothing', async () => {
    let silent = false;
    const target = new URL(process.env.CACHE_URL ?? '');
    // A proxy before the real cache: it passes everything on until `silent` is set.
    const sockets = new Set<Socket>();
    const proxy = createServer((socket) => {
      const upstream = connect(Number(target.port), target.hostname);
      for (const [from, to] of [
        [socket, upstream],
        [upstream, socket],
      ] as const) {
        sockets.add(from);
        from.on('data', (data) => silent || to.write(data));
        from.on('close', () => to.destroy());
        from.on('error', () => {});
      }
    }).listen(0);
    const { port } = proxy.address() as { port: number };
    const client = new Redis(`redis://127.0.0.1:${port}`, cacheOptions);
    client.on('error', () => {});
    await eventually(5_000, () => client.ping());
    const cache = new CatalogCache(client, count);
    const ask = async () => {
      const from = performance.now();
      await cache.get('product', uuid(), 'any', async (keys) => new Map([[keys[0]!, 1]]));
      return performance.now() - from;
    };
    await eventually(10_000, async () => {
      counts = {};
      await ask();
      expect(counts.unavailable).toBeUndefined();
    });
    silent = true;
    const first = await ask();
    expect(first).toBeGreaterThan(90);
    // The connection is given up 300 ms after it fell silent, and is not ready again until the cache answers.
    await eventually(5_000, () => expect(client.status).not.toBe('ready'));
    // One after the other: twenty at once would wait for each other on a busy machine.
    const later: number[] = [];
    while (later.length < 20) later.push(await ask());
    expect(Math.min(...later)).toBeLessThan(first / 2);
    expect(counts.unavailable).toBe(21);

    silent = false;
    await eventually(10_000, () => client.ping());
    await eventually(10_000, async () => {
      counts = {};
      await ask();
      expect(counts.unavailable).toBeUndefined();
    });
    client.disconnect();
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });

  it('hears of a change once it is back', async () => {
    const [id, database] = [uuid(), source('old')];
    await one.get('product', id, 'any', database.load);
    const late = new Redis(process.env.CACHE_URL ?? '', { ...cacheOptions, lazyConnect: true });
    late.on('error', () => {});
    database.change('new');
    await new CatalogCache(late, count).invalidate([id], { lsn: '0/40' }, { lists: false });
    expect(await one.get('product', id, 'any', database.load)).toBe('old');
    // That failed try has begun to connect.
    await eventually(5_000, async () =>
      expect(await one.get('product', id, 'any', database.load)).toBe('new'),
    );
    late.disconnect();
  });
});
