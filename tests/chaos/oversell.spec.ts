import { expect, test } from '@playwright/test';
import { everyAcknowledgedOrderExistsOnce } from '@shop/chaos/checkers/orders-exist-once.ts';
import { stockIsConserved } from '@shop/chaos/checkers/stock-conserved.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { withBrokenReplicas } from '@shop/chaos/topology/broken-replicas.ts';
import { quiesce } from '@shop/chaos/topology/quiesce.ts';

/** Far more orders at once than there are pieces. The fault is the crowd: nothing has to die for this. */
async function orderWhatIsScarce(name: string) {
  return await runScenario({
    name,
    stock: { items: 2, initialStock: 10 },
    ratePerSecond: 10,
    baselineMs: 500,
    fault: async (history, shoppers) => {
      history.mark('60 orders at once for 20 pieces');
      await shoppers.burst('order', 60);
    },
    undo: async () => {},
    afterMs: 1_000,
  });
}

test('the last pieces are sold once each when many customers order them at the same moment', async () => {
  const { history, items } = await orderWhatIsScarce('oversell');
  await quiesce();
  await everyAcknowledgedOrderExistsOnce(history, items);
  await stockIsConserved(items);
  const refused = history.operations.filter(({ order }) => order?.refused);
  expect(refused.length, 'orders refused because there was nothing left').toBeGreaterThan(0);
});

test('control: the checker objects to a stock that is checked before the update: it is oversold', async () => {
  await withBrokenReplicas('stock-checked-before', 1, async () => {
    const { items } = await orderWhatIsScarce('oversell-stock-checked-before');
    await quiesce();
    await expect(stockIsConserved(items)).rejects.toThrow(/is oversold/);
  });
});
