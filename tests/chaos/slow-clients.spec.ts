import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { everyAcknowledgedOrderExistsOnce } from '@shop/chaos/checkers/orders-exist-once.ts';
import { stockIsConserved } from '@shop/chaos/checkers/stock-conserved.ts';
import { slowClients } from '@shop/chaos/faults/slow-clients.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { quiesce } from '@shop/chaos/topology/quiesce.ts';
import { withVariant } from '@shop/chaos/topology/variants.ts';

/** Hundreds of clients that send or read next to nothing, at both edges, for longer than the API's deadline. */
async function slowClientsUnderLoad() {
  let letGo = () => {};
  return await runScenario({
    name: 'slow-clients',
    fault: async (history) => {
      history.mark('slow clients');
      letGo = slowClients();
      await sleep(10_000);
      history.mark('still there');
    },
    undo: async () => letGo(),
  });
}

test('clients that send or read one byte a second delay no other client', async () => {
  const { history, items } = await slowClientsUnderLoad();

  nothingFailed(history);
  await quiesce();
  await everyAcknowledgedOrderExistsOnce(history, items);
  await stockIsConserved(items);
});

test('control: the checker objects to an edge that forwards requests before they are complete', async () => {
  await withVariant('edge-buffers-nothing', async () => {
    const { history } = await slowClientsUnderLoad();
    expect(() => nothingFailed(history)).toThrow(/operations failed/);
  });
});
