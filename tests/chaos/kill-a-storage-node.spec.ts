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

/** After this, the other nodes have noticed that the node is dead, and treat it as they would hours later. */
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
        // At another moment of the uploads in each round.
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

/** An upload through one edge whose first storage node accepts connections and does not answer. */
async function uploadWithSilentPlace(edge: string) {
  const shopper = new ShopClient(edge);
  await shopper.register();
  const bytes = Buffer.from('no picture, but bytes');
  const body = {
    filename: 'photo.png',
    contentType: 'image/png',
    sizeBytes: bytes.length,
    purpose: 'review',
  };
  const { uploadId, url, headers } = (await shopper.post('/api/uploads', { key: randomUUID(), body })).body;
  // The storage refuses this signature, so an upload that succeeds was sent with the edge's second signature.
  const withWrongSignature = url.replace('X-Amz-Signature=', 'X-Amz-Signature=0');
  const send = async () => {
    const signal = AbortSignal.timeout(30_000);
    return (await shopper.put(withWrongSignature, { body: bytes, headers, signal })).status;
  };
  expect(await send(), 'while the place answers').toBe(400);
  return { send, complete: async () => (await shopper.post(`/api/uploads/${uploadId}/complete`)).status };
}

/** Both edges upload at the same time, while the same proxy before the storage is silent. @returns their statuses. */
async function uploadWhileSilent(proxy: Container) {
  const uploads = await Promise.all(edges.map(uploadWithSilentPlace));
  let sent: Promise<number[]>;
  try {
    await pause(proxy);
    sent = Promise.all(uploads.map(({ send }) => send()));
    // Well into the second attempt.
    await sleep(edgePatienceMs + 3_000);
  } finally {
    await unpause(proxy);
  }
  return { sent: await sent, completed: await Promise.all(uploads.map(({ complete }) => complete())) };
}

// A proxy before the storage falls silent, and not a node: nodes that were frozen take seconds to find each other again.
test('an upload goes to its second place when the first gives no answer; control: an edge that knows one place refuses it', async () => {
  const broken = settingsOf('edge-knows-one-place');
  const statuses = await withToxiproxy(['edge-1', 'edge-2'], uploadWhileSilent, { 'edge-2': broken });
  expect(statuses).toEqual({ sent: [200, 400], completed: [202, 409] });
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
