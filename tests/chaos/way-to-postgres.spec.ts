import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { kill, startAgain } from '@shop/chaos/faults/kill.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { recovered } from '@shop/chaos/topology/recovery.ts';
import { running } from '@shop/chaos/topology/topology.ts';
import { describe } from '@shop/chaos/workload/describe.ts';
import type { OperationKind } from '@shop/chaos/workload/history.ts';

/** Longer than a connection of PgBouncer lives (`server_lifetime`): meanwhile every one has been made anew. */
const goneMs = 35_000;
/** A connection that is tried at the dead one costs a second; an order has eight in all. */
const patienceMs = 4_000;
const onPostgres: OperationKind[] = ['order', 'read-back', 'orders', 'cancel', 'who'];

test('after a HAProxy is killed, one new connection waits for it, and no later one', {
  tag: '@nightly',
}, async () => {
  const proxies = (await Promise.all(['haproxy-1', 'haproxy-2'].map((name) => running(name)))).flat();
  const { history } = await runScenario({
    name: 'way-to-postgres',
    fault: async (marks) => {
      for (const proxy of proxies) {
        marks.mark(`SIGKILL ${proxy.name}`);
        await kill(proxy);
        await sleep(goneMs);
        await startAgain(proxy);
        await recovered([proxy]);
      }
    },
    undo: async () => {
      for (const proxy of proxies) await startAgain(proxy);
      await recovered(proxies);
    },
  });

  nothingFailed(history);
  const slow = history.operations.filter(
    ({ kind, startedAt, endedAt }) => onPostgres.includes(kind) && endedAt - startedAt > patienceMs,
  );
  expect(slow, describe(history, slow)).toEqual([]);
});
