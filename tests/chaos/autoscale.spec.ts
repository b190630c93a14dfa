import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { everyAcknowledgedOrderExistsOnce } from '@shop/chaos/checkers/orders-exist-once.ts';
import { holdRegistrations } from '@shop/chaos/faults/hold-registrations.ts';
import { scale } from '@shop/chaos/faults/scale.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { quiesce } from '@shop/chaos/topology/quiesce.ts';
import { untilReplicasServe } from '@shop/chaos/topology/ready.ts';
import { running } from '@shop/chaos/topology/topology.ts';
import { withVariant } from '@shop/chaos/topology/variants.ts';
import { guestsWhoLook } from '@shop/chaos/workload/guests.ts';
import type { History } from '@shop/chaos/workload/history.ts';
import type { Shoppers } from '@shop/chaos/workload/shoppers.ts';
import type { Timing } from '@shop/load/probe.ts';
import { edges, project } from '@shop/shop-client/topology-under-test.ts';
import { execa } from 'execa';
import pWaitFor from 'p-wait-for';

/** Measuring takes Prometheus two samples, 15 s apart; starting and draining take seconds more, each on a busy machine. */
const patienceMs = 180_000;
test.setTimeout(600_000);

/** Requests a second for each of three replicas: shoppers alone make fewer, and with the peak they make far more. */
const target = 15;
const peakPerSecond = 75;

/** The command that people run. Not by npm, which does not pass a signal on. */
function startAutoscaler() {
  const options = ['--min', '3', '--max', '5', '--metric', 'requests', '--target', String(target)];
  const pace = ['--interval', '5s', '--stabilization', '15s', '--project', project];
  const autoscaler = execa('node', ['cli/bootstrap.mjs', 'autoscale', ...options, ...pace], {
    all: true,
    reject: false,
  });
  autoscaler.all.on('data', (chunk) => process.stdout.write(chunk));
  return {
    async stop() {
      autoscaler.kill('SIGTERM');
      const { exitCode, all } = await autoscaler;
      return { exitCode, said: all };
    },
  };
}

const untilReplicas = (count: number) =>
  pWaitFor(async () => (await running('api')).length === count, {
    interval: 500,
    timeout: { milliseconds: patienceMs, message: `the API has not ${count} replicas` },
  });

/**
 * Eleven registrations a second, eight at once, so that each of five replicas has one in progress for most of the time:
 * one that is taken away without draining loses it.
 */
const registrations = { atOnce: 8, everyMs: 700, holdMs: 600 };

/** As while deploying: some POSTs without a key are always in progress, and only draining can save those. */
async function withPostsInProgress<T>(shoppers: Shoppers, work: () => Promise<T>): Promise<T> {
  const { atOnce, everyMs, holdMs } = registrations;
  const held = await holdRegistrations(holdMs);
  let over = false;
  const posts = (async () => {
    while (!over) {
      held.again();
      await Promise.all([shoppers.burst('unkeyed', atOnce), sleep(everyMs)]);
    }
  })();
  try {
    return await work();
  } finally {
    over = true;
    await posts;
    await held.end();
  }
}

/** The load rises, replicas are started; it falls, and they are drained. */
async function scaleWithTheLoad() {
  const peak = await guestsWhoLook(edges[1], peakPerSecond);
  let timings: Timing[] = [];
  let autoscaler: ReturnType<typeof startAutoscaler> | undefined;
  let ended: Awaited<ReturnType<ReturnType<typeof startAutoscaler>['stop']>> | undefined;
  const run = await runScenario({
    name: 'autoscale',
    unkeyed: true,
    ratePerSecond: 10,
    fault: async (history: History, shoppers: Shoppers) => {
      autoscaler = startAutoscaler();
      history.mark('the load rises');
      peak.start();
      await untilReplicas(5);
      await untilReplicasServe(edges[0], 5);
      timings = await peak.stop();
      history.mark('the load falls');
      await withPostsInProgress(shoppers, () => untilReplicas(3));
      ended = await autoscaler.stop();
    },
    undo: async () => {
      await peak.stop();
      await autoscaler?.stop();
      await scale('api', 3);
      await untilReplicasServe(edges[0], 3);
    },
  });
  return { run, timings, ended };
}

test('a load that rises starts replicas, one that falls drains them, and no request fails', {
  tag: '@nightly',
}, async () => {
  const { run, timings, ended } = await scaleWithTheLoad();

  nothingFailed(run.history);
  expect(timings.flatMap(({ error = [] }) => error)).toEqual([]);
  expect(ended).toEqual({ exitCode: 0, said: expect.stringMatching(/ → 5, (too few|limited by --max)/) });
  expect(ended?.said).toMatch(/ → 3, /);
  expect(ended?.said).toContain('the replicas stay as they are');
  await quiesce();
  await everyAcknowledgedOrderExistsOnce(run.history, run.items);
});

test('control: the checker objects to replicas that do not drain on the way in', {
  tag: '@nightly',
}, async () => {
  await withVariant('api-does-not-drain', async () => {
    const { run } = await scaleWithTheLoad();
    expect(() => nothingFailed(run.history)).toThrow(/operations failed/);
  });
});
