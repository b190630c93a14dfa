import { expect, test } from '@playwright/test';
import { effectsHappenOnce } from '@shop/chaos/checkers/effects-happen-once.ts';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { everyAcknowledgedOrderExistsOnce } from '@shop/chaos/checkers/orders-exist-once.ts';
import { stockIsConserved } from '@shop/chaos/checkers/stock-conserved.ts';
import { kill, startAgain } from '@shop/chaos/faults/kill.ts';
import { payments } from '@shop/chaos/faults/payments.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { quiesce } from '@shop/chaos/topology/quiesce.ts';
import { redisCli, redisPrimary } from '@shop/chaos/topology/targets.ts';
import { running } from '@shop/chaos/topology/topology.ts';
import { withVariant } from '@shop/chaos/topology/variants.ts';
import pWaitFor from 'p-wait-for';

/** More captures than one worker makes at a time (`concurrency` in apps/worker/src/queues.ts), so each worker has one. */
const capturesOfBoth = 11;

/** Kills one of two workers while captures are slow, so that jobs are in its hands when it dies. */
async function killWorkerUnderLoad() {
  const [victim] = await running('worker');
  await payments({ mode: 'slow', delayMs: 4_000 });
  return await runScenario({
    name: 'kill-one-worker',
    fault: async (history, shoppers) => {
      const redis = await redisPrimary();
      const orders = shoppers.burst('order', capturesOfBoth + 5);
      await pWaitFor(async () => (await capturesUnderWay(redis)) >= capturesOfBoth, {
        interval: 300,
        timeout: { milliseconds: 30_000, message: 'the workers do not have their hands full' },
      });
      history.mark(`SIGKILL ${victim!.name}`);
      await kill(victim!);
      await payments({ mode: 'normal' });
      await orders;
    },
    undo: async () => {
      await payments({ mode: 'normal' });
    },
  });
}

async function capturesUnderWay(redis: string): Promise<number> {
  return Number(await redisCli(redis, 'llen bull:payments:active'));
}

test('every order is captured and confirmed once when a worker is killed in the middle of its jobs', {
  tag: '@nightly',
}, async () => {
  const [victim] = await running('worker');
  try {
    const { history, items } = await killWorkerUnderLoad();
    nothingFailed(history);
    await quiesce();
    const orders = await everyAcknowledgedOrderExistsOnce(history, items);
    await stockIsConserved(items);
    // The victim stays dead meanwhile: the other worker does it all.
    expect(await effectsHappenOnce(items)).toBe(orders);
  } finally {
    await startAgain(victim!);
  }
});

test('control: the checker objects to a worker that takes nothing over', { tag: '@nightly' }, async () => {
  await withVariant('worker-takes-nothing-over', async () => {
    const [victim] = await running('worker');
    try {
      const { items } = await killWorkerUnderLoad();
      await expect(effectsHappenOnce(items, { timeoutMs: 30_000 })).rejects.toThrow(/without their effects/);
    } finally {
      await startAgain(victim!);
    }
  });
});
