import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { everyAcknowledgedOrderExistsOnce } from '@shop/chaos/checkers/orders-exist-once.ts';
import { stockIsConserved } from '@shop/chaos/checkers/stock-conserved.ts';
import { kill, startAgain } from '@shop/chaos/faults/kill.ts';
import { pause } from '@shop/chaos/faults/pause.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { quiesce } from '@shop/chaos/topology/quiesce.ts';
import { databaseNodes, primaryNode, running } from '@shop/chaos/topology/topology.ts';
import { withVariant } from '@shop/chaos/topology/variants.ts';

/** Kills the database replicas one after the other, so that the one that served a read is among them. */
async function killReadingReplicasUnderLoad() {
  const primary = await primaryNode();
  const replicas = databaseNodes.filter((node) => node !== primary);
  const victims = (await Promise.all(replicas.map((node) => running(node)))).flat();
  return await runScenario({
    name: 'kill-the-replica-that-reads',
    fault: async (history, shoppers) => {
      for (const victim of victims) {
        history.mark(`SIGKILL ${victim.name}`);
        // Frozen for a moment, so that it dies with reads in its hands and not between two of them.
        await pause(victim);
        const reads = shoppers.burst('read-back', 30);
        await sleep(300);
        await kill(victim);
        await reads;
        await startAgain(victim);
        await quiesce();
      }
    },
    undo: async () => {
      for (const victim of victims) await startAgain(victim);
      await quiesce();
    },
  });
}

/**
 * In both runs the edges repeat nothing: they would ask another API replica, whose read is likely to reach another node,
 * and it would not be seen whether the API itself turns to the primary.
 */
const withoutRepeats = (body: () => Promise<void>) => withVariant('edge-repeats-nothing', body);

test('no read fails when the database replicas that serve reads are killed', {
  tag: '@nightly',
}, async () => {
  await withoutRepeats(async () => {
    const { history, items } = await killReadingReplicasUnderLoad();

    nothingFailed(history);
    const reads = history
      .aroundFault(1_000, 3_000)
      .filter(({ kind }) => kind === 'read-back' || kind === 'who');
    expect(reads.length, 'reads of the database around the fault').toBeGreaterThan(10);
    await everyAcknowledgedOrderExistsOnce(history, items);
    await stockIsConserved(items);
  });
});

test('control: the checker objects to reads that do not fall back', { tag: '@nightly' }, async () => {
  await withoutRepeats(() =>
    withVariant('reads-do-not-fall-back', async () => {
      const { history } = await killReadingReplicasUnderLoad();
      expect(() => nothingFailed(history)).toThrow(/operations failed/);
    }),
  );
});
