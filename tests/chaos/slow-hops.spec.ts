import { setTimeout as sleep } from 'node:timers/promises';
import { test } from '@playwright/test';
import { everyPromiseIsKept } from '@shop/chaos/checkers/every-promise.ts';
import type { Fault } from '@shop/chaos/faults/fault.ts';
import { type Hop, slow, type Toxic, withToxiproxy } from '@shop/chaos/faults/slow.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';

/** Between two poisons, so that the shop is seen to work again. */
const pauseMs = 1_000;
const holdMs = 3_000;

const poisons: [Hop, Toxic][] = [
  ['pgbouncer', { kind: 'latency', latencyMs: 100, jitterMs: 50 }],
  ['pgbouncer', { kind: 'bandwidth', kilobytesPerSecond: 100 }],
  ['pgbouncer', { kind: 'reset', afterMs: 100 }],
  ['pgbouncer', { kind: 'halfOpen' }],
  ['cache', { kind: 'latency', latencyMs: 300 }],
  ['cache', { kind: 'halfOpen' }],
  ['minio', { kind: 'bandwidth', kilobytesPerSecond: 20 }],
  ['minio', { kind: 'reset', afterMs: 10 }],
  ['payments', { kind: 'latency', latencyMs: 2_000 }],
  ['payments', { kind: 'halfOpen' }],
  ['mail', { kind: 'halfOpen' }],
];

test('every operation succeeds within 30 s while a hop is slow, narrow, broken or half-open', {
  tag: '@nightly',
}, async () => {
  await withToxiproxy(['api', 'worker'], async () => {
    let current: Fault | undefined;
    const run = await runScenario({
      name: 'slow-hops',
      client: 'retrying',
      fault: async (history, shoppers) => {
        for (const [hop, toxic] of poisons) {
          current = slow(hop, toxic);
          const mark = history.mark(current.name);
          await current.strike();
          const rush = [shoppers.burst('order', 4), shoppers.burst('upload', 1)];
          await sleep(holdMs);
          await current.undo();
          mark.until = Date.now();
          await Promise.all(rush);
          await sleep(pauseMs);
        }
      },
      undo: async () => await current?.undo(),
    });
    await everyPromiseIsKept(run);
  });
});
