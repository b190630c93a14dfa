import { randomBytes } from 'node:crypto';
import type { CreateUploadBody, Upload, UploadTarget } from '@shop/contracts/uploads.ts';
import type { Transaction } from '@shop/database/connection.ts';
import type { Committed } from '@shop/database/primary.ts';
import { v7 as uuid } from 'uuid';
import { addEvents } from '../outbox/outbox.repository.ts';
import { ProblemError } from '../problem-error.ts';
import type { RequestDatabase } from '../request-database.ts';
import type { ObjectStore } from './object-store.ts';
import {
  findOwnUpload,
  insertUpload,
  startProcessing,
  toUpload,
  type UploadRow,
} from './uploads.repository.ts';

const urlTtlSeconds = 15 * 60;

/** A key with 128 random bits. The store deletes an object that is never completed after a day. */
const newKey = (uploadId: string) => `uploads/${uploadId}/${randomBytes(16).toString('hex')}`;

/**
 * A second key for the same bytes. The edge sends them there when the first key gives no answer: a storage node that
 * was killed during a write can leave its key locked for two minutes.
 */
const fallbackKey = (key: string) => `${key}-again`;
/** The client sends the second URL in this header, and the edge reads it (infra/edge/nginx/storage.conf). */
const fallbackUrlHeader = 'x-second-place';

/** Reserves an upload and signs a URL for each of its two keys: the client sends the bytes to the object store. */
export async function createUpload(
  { tx, objects }: { tx: Transaction; objects: ObjectStore },
  customer: { id: string; role: string },
  body: CreateUploadBody,
): Promise<UploadTarget> {
  const { filename, contentType, sizeBytes, purpose } = body;
  if (purpose === 'product' && customer.role !== 'admin') throw new ProblemError('not-admin');
  const id = uuid();
  const key = newKey(id);
  const expiresAt = new Date(Date.now() + urlTtlSeconds * 1000);
  await insertUpload(tx, {
    id,
    customerId: customer.id,
    purpose,
    filename,
    contentType,
    sizeBytes,
    stagedKey: key,
    expiresAt,
  });
  const put = { contentType, sizeBytes, expiresInSeconds: urlTtlSeconds };
  const sign = (place: string) => objects.signPut(place, put);
  return {
    uploadId: id,
    url: await sign(key),
    method: 'PUT',
    headers: { 'content-type': contentType, [fallbackUrlHeader]: await sign(fallbackKey(key)) },
    expiresAt: expiresAt.toISOString(),
  };
}

/**
 * Copies the bytes to a key for which no URL was ever signed, so that no client can change them any more, and asks the
 * worker to make a picture of them. Repeatable: an upload starts processing once.
 *
 * @throws ProblemError `not-found`, `upload-missing`, `upload-expired`.
 */
export async function completeUpload(
  { db, objects, signal }: { db: RequestDatabase; objects: ObjectStore; signal: AbortSignal },
  customerId: string,
  id: string,
): Promise<Committed<Upload>> {
  // From the primary: a replica that lags would not know of an upload that was created a moment ago.
  const upload = await db.readPrimary((tx) => findOwnUpload(tx, customerId, id));
  if (!upload) throw new ProblemError('not-found');
  const key = upload.status === 'pending' ? await copyStagedObject(objects, upload, signal) : null;
  return await db.writeRepeatable(async (tx) => {
    const moved = key && (await startProcessing(tx, id));
    if (!moved) return toUpload((await findOwnUpload(tx, customerId, id)) as UploadRow);
    await addEvents(tx, [{ topic: 'picture.process', payload: { uploadId: id, key } }]);
    return toUpload(moved);
  });
}

/**
 * Copies from both keys at once, because one of them may be locked and give no answer.
 *
 * @returns the key of a copy that no client can change.
 */
async function copyStagedObject(
  objects: ObjectStore,
  { id, stagedKey, expiresAt }: UploadRow,
  signal: AbortSignal,
): Promise<string> {
  if (expiresAt.getTime() <= Date.now()) throw new ProblemError('upload-expired');
  const places = [stagedKey, fallbackKey(stagedKey)];
  const copies = places.map((place) => objects.copy(place, () => newKey(id), signal));
  const found = copies.map(
    async (copy) => (await copy) ?? Promise.reject(new ProblemError('upload-missing')),
  );
  try {
    return await Promise.any(found);
  } catch (error) {
    // One key has no object and the other gave no answer: the bytes may be under the other.
    const reasons: unknown[] = (error as AggregateError).errors;
    throw reasons.find((reason) => !(reason instanceof ProblemError)) ?? reasons[0];
  }
}
