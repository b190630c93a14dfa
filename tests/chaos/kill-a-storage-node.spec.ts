import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { uploadsAreIntact } from '@shop/chaos/checkers/uploads-are-intact.ts';
import { killed } from '@shop/chaos/faults/kill.ts';
import { pause, unpause } from '@shop/chaos/faults/pause.ts';
import { withToxiproxy } from '@shop/chaos/faults/slow.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { recovered } from '@shop/chaos/topology/recovery.ts';
import { find } from '@shop/chaos/topology/targets.ts';
import type { Container } from '@shop/chaos/topology/topology.ts';
import { settingsOf } from '@shop/chaos/topology/variants.ts';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';

/** How long an edge waits for one node of the storage (infra/edge/nginx/upload.conf). */
const edgePatienceMs = 10_000;

/** Until the other nodes have found out, in whatever way they do: from then on it is as it will be for hours. */
const settledMs = 2_000;

test('uploads succeed when the storage node that receives them is killed in the middle', async () => {
  const node = await find('minio');
  const damage = killed(node);
  const run = await runScenario({
    name: 'kill-a-node-that-takes-uploads',
    ratePerSecond: 20,
    fault: async (history, shoppers) => {
      for (let round = 0; round < 2; round += 1) {
        const uploads = shoppers.burst('upload', 12);
        // Somewhere between the first byte that came and the last answer.
        await sleep(100 + 100 * round);
        history.mark(damage.name);
        await damage.strike();
        await uploads;
        await damage.undo();
        await recovered([node]);
      }
    },
    undo: async () => {
      await damage.undo();
      await recovered([node]);
    },
    afterMs: 1_000,
  });
  nothingFailed(run.history);
  await uploadsAreIntact(run);
});

/** What becomes of an upload whose first place can't take it, and does not say so for as long as the edge waits. */
async function uploadWhileSilent(way: Container): Promise<number> {
  const shopper = new ShopClient(edges[0]);
  await shopper.register();
  const bytes = Buffer.from('no picture, but bytes');
  const body = {
    filename: 'photo.png',
    contentType: 'image/png',
    sizeBytes: bytes.length,
    purpose: 'review',
  };
  const { uploadId, url, headers } = (await shopper.post('/api/uploads', { key: randomUUID(), body })).body;
  // Refused whenever it is looked at: what is taken in the end came by the other signature.
  const spoilt = url.replace('X-Amz-Signature=', 'X-Amz-Signature=0');
  const send = () => shopper.put(spoilt, { body: bytes, headers, signal: AbortSignal.timeout(30_000) });
  expect((await send()).status).toBe(400);
  let sent: ReturnType<typeof send>;
  try {
    await pause(way);
    sent = send();
    // Well into the second attempt.
    await sleep(edgePatienceMs + 3_000);
  } finally {
    await unpause(way);
  }
  const { status } = await sent;
  const complete = await shopper.post(`/api/uploads/${uploadId}/complete`);
  expect(complete.status).toBe(status === 200 ? 202 : 409);
  return status;
}

// What falls silent is the way to the storage: four nodes that had slept would take their time to find each other again.
test('an upload goes to its second place when the first gives no answer', async () => {
  expect(await withToxiproxy(['edge-1'], uploadWhileSilent)).toBe(200);
});

test('control: an edge that knows one storage node refuses the same upload', async () => {
  const broken = settingsOf('edge-knows-one-place');
  expect(await withToxiproxy(['edge-1'], uploadWhileSilent, broken)).toBe(400);
});

test('uploads and their pictures succeed while a node of the object storage is dead', {
  tag: '@nightly',
}, async () => {
  const node = await find('minio');
  const damage = killed(node);
  const run = await runScenario({
    name: 'kill-a-storage-node',
    ratePerSecond: 20,
    fault: async (history, shoppers) => {
      history.mark(damage.name);
      await damage.strike();
      for (let round = 0; round < 3; round += 1) {
        await sleep(settledMs);
        await shoppers.burst('upload', 2);
      }
    },
    undo: async () => {
      await damage.undo();
      await recovered([node]);
    },
    afterMs: 1_000,
  });
  nothingFailed(run.history);
  await uploadsAreIntact(run);
});
