import { expect, test } from '@playwright/test';
import { stockIsConserved } from '@shop/chaos/checkers/stock-conserved.ts';
import { quiesce } from '@shop/chaos/topology/quiesce.ts';
import { databaseNodes, queryNode } from '@shop/chaos/topology/topology.ts';
import { withSettings, withVariant } from '@shop/chaos/topology/variants.ts';
import { type Overload, overload } from '@shop/chaos/workload/overload.ts';
import { quantileMs } from '@shop/load/samples.ts';

/** The limits by address are for people; all of this load comes from one address. */
const unlimited = { LIMIT_REQUESTS_PER_SECOND: '1000000', EDGE_REQUESTS_PER_SECOND: '100000' };
const limited = ['api', 'edge-1', 'edge-2'];
/** The shortest in which a queue that grows would reach the deadline of 8 s. */
const seconds = 15;

/**
 * Facts, not figures: docs/results/overload.md has those (the goals are 100 ms and 0.9). Here the crowd has its own share of the two cores,
 * and what it leaves the shop is another with each run: 0.62 to 1.09 of the peak seen, in runs that were all well. An
 * API without a limit makes as many, but seconds too late, and answers others not at all: the first assertion below.
 */
const refusalDeadlineMs = 500;
const goodputShare = 0.4;

/** Promise 9: the excess is refused quickly and properly, what is accepted finishes, and then it is over. */
async function degradesWithoutCollapsing(run: Overload): Promise<void> {
  expect(
    run.other.map(({ status, tookMs }) => `${status} after ${tookMs} ms`),
    'answered otherwise',
  ).toEqual([]);
  expect(run.refused.length, 'refusals with 429 and Retry-After').toBeGreaterThan(run.accepted.length);
  expect(quantileMs(run.refused, 0.5), 'median of a refusal, ms').toBeLessThan(refusalDeadlineMs);
  expect(quantileMs(run.accepted, 1), 'slowest order that was accepted, ms').toBeLessThan(8_000);
  expect(run.goodputPerSecond / run.peakPerSecond, 'share of the peak').toBeGreaterThan(goodputShare);
  expect(run.recovered.length).toBeGreaterThan(10);
  expect(run.recovered.filter(({ status }) => status !== 201)).toEqual([]);
  expect(quantileMs(run.recovered, 0.5), 'median two seconds later, ms').toBeLessThan(run.peakMedianMs);

  await quiesce();
  const ids = run.items.map(({ id }) => `'${id}'`).join(',');
  for (const node of databaseNodes) {
    const [row] = await queryNode(node, `SELECT count(*) FROM order_lines WHERE product_id IN (${ids})`);
    expect(Number(row?.[0]), `orders on ${node}: as many as were acknowledged`).toBe(run.acknowledged);
  }
  await stockIsConserved(run.items);
}

function tell(run: Overload): void {
  const ms = (samples: Overload['accepted'], share: number) =>
    samples.length > 0 ? Math.round(quantileMs(samples, share)) : 'no';
  console.log(
    `peak ${Math.round(run.peakPerSecond)} orders/s (median ${Math.round(run.peakMedianMs)} ms); offered ${Math.round(run.offeredPerSecond)}/s for ${run.seconds} s: ` +
      `${Math.round(run.goodputPerSecond)} orders/s, median ${ms(run.accepted, 0.5)} ms, p99 ${ms(run.accepted, 0.99)} ms, slowest ${ms(run.accepted, 1)} ms; ` +
      `${run.refused.length} refused, median ${ms(run.refused, 0.5)} ms, p99 ${ms(run.refused, 0.99)} ms; ${run.other.length} otherwise; ` +
      `two seconds later ${ms(run.recovered, 0.5)} ms`,
  );
}

test('at five times the load that the shop carries, the excess is refused at once and the rest is served as usual', {
  tag: '@nightly',
}, async () => {
  await withSettings(limited, unlimited, async () => {
    const run = await overload(seconds);
    tell(run);
    await degradesWithoutCollapsing(run);
  });
});

test('control: the checker objects to an API that admits every request', { tag: '@nightly' }, async () => {
  await withVariant(
    'api-admits-everything',
    async () => {
      const run = await overload(seconds);
      tell(run);
      // Where the machine is quick enough for all to end before their deadline, none is refused.
      await expect(degradesWithoutCollapsing(run)).rejects.toThrow(/answered otherwise|refusals with 429/);
    },
    unlimited,
  );
});
