import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { everyPromiseIsKept } from '@shop/chaos/checkers/every-promise.ts';
import { paused } from '@shop/chaos/faults/pause.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { recovered } from '@shop/chaos/topology/recovery.ts';
import { find, redisPrimary } from '@shop/chaos/topology/targets.ts';

/** About as long as Sentinel takes to promote another: the sleeper wakes in the middle of its own replacement. */
const freezesMs = [1_800, 2_000, 2_200];

test('no login, cart, order or job is lost when the master of Redis freezes and wakes in the middle of its failover', async () => {
  let failovers = 0;
  let current = paused(await find('redis-primary'));
  const run = await runScenario({
    name: 'freeze-the-redis-master',
    client: 'retrying',
    fault: async (history, shoppers) => {
      for (const freezeMs of freezesMs) {
        const master = await find('redis-primary');
        current = paused(master);
        history.mark(`${current.name} for ${freezeMs} ms`);
        // Writes of sessions, carts and jobs are in its hands and keep coming.
        const rush = [shoppers.burst('cart', 20), shoppers.burst('order', 10), shoppers.burst('login', 2)];
        await current.strike();
        await sleep(freezeMs);
        const writes = shoppers.burst('cart', 20);
        await current.undo();
        await Promise.all([...rush, writes]);
        await shoppers.burst('read-cart', 20);
        await recovered([master]);
        if ((await redisPrimary()) !== master.service) failovers += 1;
      }
    },
    undo: () => current.undo(),
  });

  await everyPromiseIsKept(run);
  expect(failovers, 'pauses that ended in a failover').toBeGreaterThan(0);
});
