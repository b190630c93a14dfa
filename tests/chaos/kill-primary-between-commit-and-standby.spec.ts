import { expect, test } from '@playwright/test';
import { effectsHappenOnce } from '@shop/chaos/checkers/effects-happen-once.ts';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { everyAcknowledgedOrderExistsOnce } from '@shop/chaos/checkers/orders-exist-once.ts';
import { stockIsConserved } from '@shop/chaos/checkers/stock-conserved.ts';
import { holdReplication } from '@shop/chaos/faults/hold-replication.ts';
import { kill, startAgain } from '@shop/chaos/faults/kill.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { withBrokenReplicas } from '@shop/chaos/topology/broken-replicas.ts';
import { quiesce } from '@shop/chaos/topology/quiesce.ts';
import { primaryNode, running } from '@shop/chaos/topology/topology.ts';
import { withVariant } from '@shop/chaos/topology/variants.ts';
import { countWaitingCommits, terminateWaitingCommits } from '@shop/chaos/topology/waiting-commits.ts';
import pWaitFor from 'p-wait-for';

/**
 * Kills the primary while it alone has some commits. Those that wait for a standby are first made visible, as a crash
 * restart does; a client that lost the connection asks again and finds the order there, which the failover then takes back.
 */
async function killPrimaryBetweenCommitAndStandby(name: string) {
  const primary = await primaryNode();
  const [victim] = await running(primary);
  const replication = holdReplication();
  const run = await runScenario({
    name,
    client: 'retrying',
    baselineMs: 2_000,
    fault: async (history, shoppers) => {
      await replication.strike();
      const heldAt = Date.now();
      const acknowledgedSince = () =>
        history.operations.filter(({ order, endedAt }) => order?.id && endedAt > heldAt + 200).length;
      /** Orders that this node alone has: waiting for a standby or, on a broken build, acknowledged without. */
      const untilOrdersAreHereAlone = () =>
        pWaitFor(async () => acknowledgedSince() + (await countWaitingCommits(primary)) >= 4, {
          interval: 50,
          timeout: { milliseconds: 7_000, message: 'too few orders reached their commit' },
        });
      const orders = shoppers.burstOfDistinctItems('order', 12);
      await untilOrdersAreHereAlone();
      await terminateWaitingCommits(primary);
      // Time to ask again: a build that answers without a commit of its own does so now; the one that passes waits in vain.
      await pWaitFor(() => acknowledgedSince() > 0, {
        interval: 50,
        timeout: { milliseconds: 2_000, fallback: () => {} },
      });
      await untilOrdersAreHereAlone();
      history.mark(`SIGKILL ${victim!.name} between commit and standby`);
      await kill(victim!);
      await orders;
    },
    undo: async () => {
      await replication.undo();
      await startAgain(victim!);
      await quiesce();
    },
    afterMs: 2_000,
  });
  return run;
}

test('no acknowledged order is lost when the primary dies with commits that it alone has', async () => {
  const { history, items } = await killPrimaryBetweenCommitAndStandby('between-commit-and-standby');
  nothingFailed(history, 0.75);
  await everyAcknowledgedOrderExistsOnce(history, items);
  await stockIsConserved(items);
  await effectsHappenOnce(items, { history });
});

test('control: the checker objects to asynchronous replication: an acknowledged order is lost', async () => {
  await withBrokenReplicas('asynchronous-commit', 1, async () => {
    const { history, items } = await killPrimaryBetweenCommitAndStandby('asynchronous-commit');
    await expect(everyAcknowledgedOrderExistsOnce(history, items)).rejects.toThrow(
      /acknowledged order .* is not there/,
    );
  });
});

test('control: the checker objects to a replay without a commit of its own: an acknowledged order is lost', {
  tag: '@nightly',
}, async () => {
  await withVariant('replay-without-commit', async () => {
    const { history, items } = await killPrimaryBetweenCommitAndStandby('replay-without-commit');
    await expect(everyAcknowledgedOrderExistsOnce(history, items)).rejects.toThrow(
      /acknowledged order .* is not there/,
    );
  });
});
