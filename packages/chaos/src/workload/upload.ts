import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pWaitFor from 'p-wait-for';
import { patienceMs } from '../topology/patience.ts';
import { operationDeadlineMs } from './calls.ts';
import { pictureOf } from './pictures.ts';
import { Complaint, expectStatus, type Turn } from './turn.ts';

/** A little longer than an edge waits for one node of MinIO before it asks another. */
const putTimeoutMs = 12_000;

/** Asks for an upload, sends the bytes, completes it, and waits until the shop has made pictures of them. */
export async function uploadPicture(turn: Turn): Promise<void> {
  const { shopper, operation } = turn;
  const { bytes, sha256 } = await pictureOf(turn.choice.fraction * 2 ** 31);
  const id = await putBytes(turn, bytes);
  // From here on, the deadline of each call counts by itself.
  const asked = { ...operation };
  const call = async (method: string, path: string) => {
    asked.startedAt = Date.now();
    return await shopper.send(asked, { method, path });
  };
  expectStatus(await call('POST', `/api/uploads/${id}/complete`), 202);
  const upload = await pWaitFor(
    async () => {
      const { body } = expectStatus(await call('GET', `/api/uploads/${id}`), 200);
      if (body.status === 'rejected') throw new Complaint(`rejected: ${body.reason}`);
      return body.status === 'ready' && pWaitFor.resolveWith(body);
    },
    { interval: 400, timeout: { milliseconds: patienceMs, message: `upload ${id} is never ready` } },
  );
  const { attempts, retries, status, replica, edge } = asked;
  Object.assign(operation, { attempts, retries, status, replica, edge });
  if (upload.sha256 !== sha256) throw new Complaint(`ready, but with the bytes of ${upload.sha256}`);
  const { original, large, thumbnail } = upload.urls;
  operation.upload = { id, sha256, original, pictures: [large, thumbnail] };
}

/** As the contract says: after an error of the storage the client asks for a new upload. */
async function putBytes({ shopper, operation }: Turn, bytes: Buffer): Promise<string> {
  const body = {
    filename: 'photo.png',
    contentType: 'image/png',
    sizeBytes: bytes.length,
    purpose: 'review',
  };
  const deadline = operation.startedAt + operationDeadlineMs;
  for (;;) {
    const wanted = { method: 'POST', path: '/api/uploads', body, key: randomUUID() };
    const { body: target } = expectStatus(await shopper.send(operation, wanted), 201);
    const edge = operation.edge || shopper.client.edge;
    operation.attempts += 1;
    const leftMs = Math.max(0, deadline - Date.now());
    // A client of one attempt also waits for the edge's second try.
    const timeoutMs = shopper.kind === 'one-attempt' ? leftMs : Math.min(putTimeoutMs, leftMs);
    const signal = AbortSignal.timeout(timeoutMs);
    const options = { body: bytes, headers: target.headers, edge, signal };
    try {
      const reply = await shopper.client.put(target.url, options);
      if (reply.status === 200) return target.uploadId;
      if (reply.status < 500) expectStatus(reply, 200);
      if (shopper.kind === 'one-attempt') expectStatus(reply, 200);
    } catch (error) {
      if (shopper.kind === 'one-attempt' || error instanceof Complaint || Date.now() >= deadline) throw error;
    }
    operation.retries += 1;
    await sleep(500);
  }
}
