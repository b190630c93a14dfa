import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { everyPromiseIsKept } from '@shop/chaos/checkers/every-promise.ts';
import { falselyReportedDead } from '@shop/chaos/faults/false-report.ts';
import { kill, killed, startAgain } from '@shop/chaos/faults/kill.ts';
import { pause, unpause } from '@shop/chaos/faults/pause.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { fencerSaid, startedAt } from '@shop/chaos/topology/fencing.ts';
import { recovered } from '@shop/chaos/topology/recovery.ts';
import { find } from '@shop/chaos/topology/targets.ts';
import { primaryNode } from '@shop/chaos/topology/topology.ts';
import { container } from '@shop/docker/engine-api.ts';

const fencing = 'leader is dead: freeing its lease';

test('a living primary is left alone when the engine reports its death', async () => {
  const primary = await find('db-primary');
  const before = await startedAt(primary.service);
  const report = falselyReportedDead(primary.service);
  const run = await runScenario({
    name: 'false-report',
    fault: async (history) => {
      for (let index = 0; index < 3; index += 1) {
        history.mark(report.name);
        await report.strike();
        await sleep(1_500);
      }
    },
    undo: () => report.undo(),
  });

  await everyPromiseIsKept(run);
  expect(await fencerSaid(run.history.startedAt)).not.toContain(fencing);
  expect(await primaryNode()).toBe(primary.service);
  expect(await startedAt(primary.service)).toBe(before);
});

test('nothing is lost when the primary is killed and started again before the fencer has looked', {
  tag: '@nightly',
}, async () => {
  const [victim, fencer] = [await find('db-primary'), await find('fencer')];
  const run = await runScenario({
    name: 'restarted-in-between',
    client: 'retrying',
    fault: async (history) => {
      history.mark(`${victim.name} restarted while the fencer is frozen`);
      await pause(fencer);
      await container(victim.id).restart({ t: 0 });
      await unpause(fencer);
      await sleep(10_000);
    },
    undo: async () => {
      await unpause(fencer);
      await recovered([victim]);
    },
  });

  await everyPromiseIsKept(run);
});

test('a fencer that was frozen in the middle of its work leaves the next leader alone', {
  tag: '@nightly',
}, async () => {
  const [victim, fencer] = [await find('db-primary'), await find('fencer')];
  const damage = killed(victim);
  let next = '';
  let startedBefore = '';
  const run = await runScenario({
    name: 'frozen-fencer',
    client: 'retrying',
    fault: async (history) => {
      history.mark(`${damage.name} and the fencer freezes as it sees it`);
      const dead = damage.strike();
      await sleep(50);
      await pause(fencer);
      await dead;
      // Longer than the lease of Patroni: another node leads by now, under another lease.
      await sleep(26_000);
      next = await primaryNode();
      startedBefore = await startedAt(next);
      await unpause(fencer);
      await sleep(6_000);
    },
    undo: async () => {
      await unpause(fencer);
      await damage.undo();
      await recovered([victim]);
    },
  });

  await everyPromiseIsKept(run);
  expect(next, 'the node that leads while the fencer is frozen').not.toBe(victim.service);
  expect(await primaryNode(), 'the node that leads after the fencer woke').toBe(next);
  expect(await startedAt(next)).toBe(startedBefore);
});

test('the cluster serves when a fencer is killed in the middle of its work, and the fencer works again afterwards', {
  tag: '@nightly',
}, async () => {
  const [victim, fencer] = [await find('db-primary'), await find('fencer')];
  const damage = killed(victim);
  const run = await runScenario({
    name: 'fencer-killed-in-mid-fence',
    client: 'retrying',
    fault: async (history) => {
      const mark = history.mark(`${damage.name} and the fencer once it has begun`);
      await damage.strike();
      while (!(await fencerSaid(mark.at)).includes(fencing)) await sleep(20);
      await kill(fencer);
      await sleep(1_000);
      await startAgain(fencer);
      await sleep(6_000);
    },
    undo: async () => {
      await startAgain(fencer);
      await damage.undo();
      await recovered([victim, fencer]);
    },
  });

  await everyPromiseIsKept(run);
});
