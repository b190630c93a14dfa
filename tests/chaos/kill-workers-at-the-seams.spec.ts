import { expect, test } from '@playwright/test';
import { effectsHappenOnce } from '@shop/chaos/checkers/effects-happen-once.ts';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { nothingIsRepeated } from '@shop/chaos/checkers/nothing-is-repeated.ts';
import { holdRecords } from '@shop/chaos/faults/hold-records.ts';
import { holdReplication } from '@shop/chaos/faults/hold-replication.ts';
import { kill, startAgain } from '@shop/chaos/faults/kill.ts';
import { pause, unpause } from '@shop/chaos/faults/pause.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { primaryNode, running } from '@shop/chaos/topology/topology.ts';
import { withVariant } from '@shop/chaos/topology/variants.ts';
import { untilClaimWaits } from '@shop/chaos/topology/waiting-commits.ts';

/** Kills every worker while a relay has claimed events in Postgres and published none of them. */
async function killBetweenClaimAndPublish(name: string) {
  const workers = await running('worker');
  const replication = holdReplication();
  return await runScenario({
    name,
    ratePerSecond: 10,
    baselineMs: 1_000,
    fault: async (history, shoppers) => {
      const primary = await primaryNode();
      // Asleep, so that there is something to claim when no commit is acknowledged any more.
      await Promise.all(workers.map(pause));
      await shoppers.burst('order', 10);
      await replication.strike();
      const waiting = shoppers.burst('order', 3);
      await Promise.all(workers.map(unpause));
      await untilClaimWaits(primary);
      history.mark('SIGKILL both workers between claim and publish');
      await Promise.all(workers.map(kill));
      await replication.undo();
      await waiting;
      // Shoppers wait for their pictures, which no worker makes before.
      await Promise.all(workers.map(startAgain));
    },
    undo: async () => {
      await replication.undo();
      await Promise.all(workers.map(unpause));
      await Promise.all(workers.map(startAgain));
    },
    afterMs: 1_000,
  });
}

/** Kills every worker while money has been taken and mails have been sent of which there is no record. */
async function killBetweenEffectAndCompletion(name: string) {
  const workers = await running('worker');
  const records = holdRecords();
  return await runScenario({
    name,
    ratePerSecond: 10,
    baselineMs: 1_000,
    fault: async (history, shoppers) => {
      await records.strike();
      await shoppers.burst('order', 5);
      await records.untilHeld(3);
      history.mark('SIGKILL both workers between effect and completion');
      await Promise.all([...workers.map(kill), shoppers.burst('order', 3)]);
      await records.undo();
      await Promise.all(workers.map(startAgain));
    },
    undo: async () => {
      await records.undo();
      await Promise.all(workers.map(startAgain));
    },
    afterMs: 1_000,
  });
}

test('events that a relay claimed and did not publish are published when every worker dies in between', {
  tag: '@nightly',
}, async () => {
  const { history, items } = await killBetweenClaimAndPublish('between-claim-and-publish');
  nothingFailed(history, 2);
  await effectsHappenOnce(items, { history });
});

test('control: the checker objects to workers that take nothing over', { tag: '@nightly' }, async () => {
  await withVariant('worker-takes-nothing-over', async () => {
    const { items } = await killBetweenClaimAndPublish('claim-without-sweep');
    // Longer than a claim must lie before it is swept up.
    await expect(effectsHappenOnce(items, { timeoutMs: 25_000 })).rejects.toThrow(/without their effects/);
  });
});

test('an effect is repeated at most once, and then recorded, when every worker dies before recording it', async () => {
  const { history, items } = await killBetweenEffectAndCompletion('between-effect-and-completion');
  nothingFailed(history, 2);
  await effectsHappenOnce(items, { history });
  const effects = await nothingIsRepeated(items, { interruptions: 1 });
  const again = effects.filter(
    ({ captureAttempts, mailCopies }) => captureAttempts === 2 && mailCopies === 2,
  );
  expect(again.length, 'orders in whose jobs the workers died').toBeGreaterThan(0);
});
