import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { effectsHappenOnce } from '@shop/chaos/checkers/effects-happen-once.ts';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { nothingIsRepeated } from '@shop/chaos/checkers/nothing-is-repeated.ts';
import { holdRecords } from '@shop/chaos/faults/hold-records.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { primaryNode, queryNode } from '@shop/chaos/topology/topology.ts';
import { withSettings, withVariant } from '@shop/chaos/topology/variants.ts';
import pWaitFor from 'p-wait-for';

/** A relay that has no patience publishes an event again while its job is under way: before records fail, after 5 s. */
const impatient = { RELAY_STALE_MS: '300' };

/** Jobs take so long that their events are published again before the first run can end. */
async function publishAgainWhileJobsAreUnderWay(name: string) {
  const records = holdRecords();
  return await runScenario({
    name,
    ratePerSecond: 10,
    baselineMs: 500,
    fault: async (history, shoppers) => {
      const primary = await primaryNode();
      await records.strike();
      history.mark('records held');
      // Fewer than two workers do at once, so that there is room for jobs of the same events.
      const orders = shoppers.burst('order', 3);
      await records.untilHeld(3);
      await pWaitFor(
        async () => {
          const sql = 'SELECT count(*) FROM outbox WHERE done_at IS NULL AND publish_count >= 2';
          return Number((await queryNode(primary, sql))[0]?.[0]) >= 6;
        },
        { interval: 100, timeout: { milliseconds: 4_000, message: 'the relay publishes nothing again' } },
      );
      // What is published a second time is done a second time at once, if at all.
      await sleep(700);
      await records.undo();
      await orders;
    },
    undo: () => records.undo(),
    afterMs: 1_000,
  });
}

test('an event that is published again while its job runs does not become a second job', async () => {
  await withSettings(['worker'], impatient, async () => {
    const { history, items } = await publishAgainWhileJobsAreUnderWay('published-again');
    nothingFailed(history, 2);
    await effectsHappenOnce(items, { history });
    await nothingIsRepeated(items);
  });
});

test('control: the checker objects to a relay without dedupe: money is asked for again, and mails have copies', async () => {
  await withVariant(
    'relay-without-dedupe',
    async () => {
      const { items } = await publishAgainWhileJobsAreUnderWay('relay-without-dedupe');
      await effectsHappenOnce(items);
      await expect(nothingIsRepeated(items)).rejects.toThrow(
        /[1-9]\d* orders whose money was asked for more than 1 times, [1-9]\d* whose mail/,
      );
    },
    impatient,
  );
});
