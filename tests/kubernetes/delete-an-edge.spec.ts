import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { machineThatHearsLate } from '@shop/chaos/faults/machines.ts';
import { deletePod, untilPodsAreReady } from '@shop/chaos/faults/pods.ts';
import { withBrokenChart } from '@shop/chaos/faults/release.ts';
import { guestsWhoArrive } from '@shop/chaos/workload/guests.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';

/** Guests of the first edge arrive at the ports of this machine. */
const machine = 'node-1';
const guestsPerSecond = 20;
/** Shorter than the `preStop` of an edge, 5 s, by as much as the machine needs to catch up. */
const lateMs = 3_000;

/**
 * An edge is deleted, and the machine at which guests arrive hears of it 3 s later: until then it sends every second one of them to
 * the edge that leaves. @returns the errors of all guests.
 */
async function deleteAnEdge(): Promise<string[]> {
  const [victim] = await untilPodsAreReady('edge', 2);
  const guests = await guestsWhoArrive(edges[0], guestsPerSecond);
  const hearsLate = machineThatHearsLate(machine);
  guests.start();
  try {
    await hearsLate.strike();
    await deletePod(victim!);
    await sleep(lateMs);
  } finally {
    await hearsLate.undo();
  }
  await untilPodsAreReady('edge', 2);
  const looks = await guests.stop();
  const errors = looks.flatMap(({ error = [] }) => error);
  console.log(`${victim!.name} was deleted: ${looks.length} guests arrived, ${errors.length} got no answer`);
  expect(looks.length, 'guests').toBeGreaterThan((guestsPerSecond * lateMs) / 1_000);
  return errors;
}

test('no edge refuses a guest when an edge is deleted and the load balancer hears of it late', async () => {
  expect(await deleteAnEdge()).toEqual([]);
});

test('control: an edge without preStop refuses guests', async () => {
  await withBrokenChart('edge-without-pre-stop', async () => {
    const errors = await deleteAnEdge();
    expect(errors).not.toEqual([]);
  });
});
