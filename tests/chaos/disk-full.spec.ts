import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { everyPromiseIsKept } from '@shop/chaos/checkers/every-promise.ts';
import { diskFull, withSmallDisk } from '@shop/chaos/faults/disk-full.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { recovered } from '@shop/chaos/topology/recovery.ts';
import { switchOver } from '@shop/chaos/topology/switch-over.ts';
import { find } from '@shop/chaos/topology/targets.ts';
import { primaryNode } from '@shop/chaos/topology/topology.ts';

test('no operation fails and nothing is lost when the disk of the primary of Postgres is full', {
  tag: '@nightly',
}, async () => {
  const { service: node } = await find('db-replica');
  await withSmallDisk(node, async () => {
    await recovered([await find('db-primary')]);
    await switchOver(node);

    const damage = diskFull(node);
    const run = await runScenario({
      name: 'disk-full',
      client: 'retrying',
      fault: async (history, shoppers) => {
        history.mark(damage.name);
        const rush = shoppers.burst('order', 10);
        await damage.strike();
        await sleep(6_000);
        await rush;
      },
      undo: async () => {
        await damage.undo();
        await recovered([await find('db-primary')]);
      },
    });
    expect(await primaryNode(), 'the node that leads after the disk was full').not.toBe(node);
    await everyPromiseIsKept(run);
  });
});
