import type { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BatchedRedis } from './batched-redis.ts';

const { CACHE_URL = '' } = process.env;

let redis: BatchedRedis;
beforeEach(async () => {
  redis = new BatchedRedis(CACHE_URL);
  // Its own commands, such as the greeting, are over.
  await redis.ping();
});
afterEach(() => redis.disconnect());

/** Counts what leaves the process from now on. */
function countWrites(): () => number {
  const stream = redis.stream as Required<Writable>;
  const writes = [vi.spyOn(stream, '_writev'), vi.spyOn(stream, '_write')];
  return () => writes.reduce((sum, { mock }) => sum + mock.calls.length, 0);
}

describe('commands', () => {
  it('that are sent in one turn share one write, and later ones do not wait for them', async () => {
    const writes = countWrites();
    const texts = ['one', 'two', 'three'];
    expect(await Promise.all(texts.map((text) => redis.echo(text)))).toEqual(texts);
    expect(writes()).toBe(1);
    await redis.ping();
    expect(writes()).toBe(2);
  });

  it('share it with a pipeline, in the order in which they were sent', async () => {
    const writes = countWrites();
    const answers = await Promise.all([
      redis.echo('first'),
      redis.pipeline().echo('second').echo('third').exec(),
      redis.echo('fourth'),
    ]);
    expect(answers).toEqual([
      'first',
      [
        [null, 'second'],
        [null, 'third'],
      ],
      'fourth',
    ]);
    expect(writes()).toBe(1);
  });

  it('go on over the next connection', async () => {
    const reconnected = new Promise((ready) => redis.once('ready', ready));
    redis.stream.destroy();
    await reconnected;
    expect(await Promise.all(['one', 'two'].map((text) => redis.echo(text)))).toEqual(['one', 'two']);
  });
});
