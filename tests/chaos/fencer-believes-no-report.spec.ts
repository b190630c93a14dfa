import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { everyAcknowledgedOrderExistsOnce } from '@shop/chaos/checkers/orders-exist-once.ts';
import { stockIsConserved } from '@shop/chaos/checkers/stock-conserved.ts';
import { falselyReportedDead } from '@shop/chaos/faults/false-report.ts';
import { hangPatroni } from '@shop/chaos/faults/hang-patroni.ts';
import { holdReplication } from '@shop/chaos/faults/hold-replication.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { untilAskingForVotes, untilNobodyLeads } from '@shop/chaos/topology/fencing.ts';
import { quiesce } from '@shop/chaos/topology/quiesce.ts';
import { databaseNodes, primaryNode, queryNode } from '@shop/chaos/topology/topology.ts';
import { withVariant } from '@shop/chaos/topology/variants.ts';
import pWaitFor from 'p-wait-for';

/**
 * The engine says that the primary died. It lives: only its Patroni hangs, so it takes orders and can be asked nothing.
 * If the fencer freed its lease now, one replica would be promoted; the other, whose Patroni hangs after it has given its
 * vote, would go on confirming what the old primary commits. It takes 7 s until HAProxy gives up a silent Patroni.
 *
 * Replication is held during the election: a replica that hears of the other's newer record has lost it, and which of the
 * two is ahead would change with every commit.
 */
async function reportDeathOfLivingPrimary(name: string) {
  const primary = await primaryNode();
  const replication = holdReplication();
  const hanging = [hangPatroni(primary)];
  const run = await runScenario({
    name,
    client: 'retrying',
    baselineMs: 2_000,
    fault: async (history, shoppers) => {
      await hanging[0]!.strike();
      await replication.strike();
      const [candidate, voter] = await furthestFirst(databaseNodes.filter((node) => node !== primary));
      const voterHangs = hangPatroni(voter!);
      hanging.push(voterHangs);
      await falselyReportedDead(primary).strike();
      history.mark(`the engine reports the death of ${primary}, which lives`);
      // A fencer that believes it frees the lease now; on the build that passes this waits in vain.
      const freed = await untilNobodyLeads(2_000);
      // An election asks every node and waits 2 s for one that is silent: the vote is given, nothing is decided.
      if (freed) await untilAskingForVotes(candidate!);
      await sleep(250);
      await voterHangs.strike();
      if (freed) await untilPromoted(candidate!);
      const orders = shoppers.burst('order', 12);
      await replication.undo();
      await sleep(1_500);
      for (const hang of hanging) await hang.undo();
      await orders;
    },
    undo: async () => {
      await replication.undo();
      for (const hang of hanging) await hang.undo();
      await quiesce();
    },
    afterMs: 1_000,
  });
  return run;
}

/** Replicas by how much of the primary's log they have. */
async function furthestFirst(nodes: string[]): Promise<string[]> {
  const received = await Promise.all(
    nodes.map(async (node) => {
      const [row] = await queryNode(node, `SELECT pg_last_wal_receive_lsn() - '0/0'`);
      return { node, bytes: Number(row?.[0]) };
    }),
  );
  return received.toSorted((a, b) => b.bytes - a.bytes).map(({ node }) => node);
}

async function untilPromoted(node: string): Promise<void> {
  await pWaitFor(async () => (await queryNode(node, 'SELECT pg_is_in_recovery()'))[0]?.[0] === 'f', {
    interval: 50,
    timeout: { milliseconds: 5_000, message: `${node} is not promoted although the lease is free` },
  });
}

test('no acknowledged order is lost when the engine reports the death of a primary that lives', async () => {
  const { history, items } = await reportDeathOfLivingPrimary('fencer-believes-no-report');
  nothingFailed(history, 0.75);
  await everyAcknowledgedOrderExistsOnce(history, items);
  await stockIsConserved(items);
});

test('control: the checker objects to a fencer that believes the report: acknowledged orders are lost', async () => {
  await withVariant('fences-the-living', async () => {
    const { history, items } = await reportDeathOfLivingPrimary('fences-the-living');
    await expect(everyAcknowledgedOrderExistsOnce(history, items)).rejects.toThrow(
      /acknowledged order .* is not there/,
    );
  });
});
