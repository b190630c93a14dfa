import { randomBytes } from 'node:crypto';
import {
  type CreateUploadBody,
  maxUploadBytes,
  pictureTypes,
  type Upload,
  type UploadTarget,
} from '@shop/contracts/uploads.ts';
import type { Transaction } from '@shop/database/connection.ts';
import type { Database } from '@shop/database/database.ts';
import type { Committed } from '@shop/database/primary.ts';
import { v7 as uuid } from 'uuid';
import { addEvents } from '../outbox/outbox.repository.ts';
import { ProblemError } from '../problem-error.ts';
import type { ObjectStore } from './object-store.ts';
import {
  findOwnUpload,
  insertUpload,
  startProcessing,
  toUpload,
  type UploadRow,
} from './uploads.repository.ts';

const urlTtlSeconds = 15 * 60;

/** A key that nobody can guess; what is under it and never completed the store forgets after a day. */
const newKey = (uploadId: string) => `uploads/${uploadId}/${randomBytes(16).toString('hex')}`;

/**
 * A second place for the same bytes, to which the edge sends them when it has no answer from the first: the lock of a node
 * of the store that was killed in the middle can hold its key for two minutes.
 */
const fallbackKey = (key: string) => `${key}-again`;
/** How the edge learns of it: the client sends along what it was told to (infra/edge/nginx/storage.conf). */
const fallbackUrlHeader = 'x-second-place';

/** Reserves an upload and signs the ways to its places: the bytes go from the client to the object store. */
export async function createUpload(
  tx: Transaction,
  objects: ObjectStore,
  customer: { id: string; role: string },
  body: CreateUploadBody,
): Promise<UploadTarget> {
  const { filename, contentType, sizeBytes, purpose } = body;
  if (purpose === 'product' && customer.role !== 'admin') throw new ProblemError('not-admin');
  if (!(pictureTypes as readonly string[]).includes(contentType)) {
    throw new ProblemError('unsupported-media-type', {
      errors: [{ path: '/body/contentType', message: `must be one of ${pictureTypes.join(', ')}` }],
    });
  }
  if (sizeBytes > maxUploadBytes) {
    throw new ProblemError('upload-too-large', {
      errors: [{ path: '/body/sizeBytes', message: `must be <= ${maxUploadBytes}` }],
    });
  }
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
  const sign = (place: string) => objects.signPut(place, contentType, sizeBytes, urlTtlSeconds);
  return {
    uploadId: id,
    url: await sign(key),
    method: 'PUT',
    headers: { 'content-type': contentType, [fallbackUrlHeader]: await sign(fallbackKey(key)) },
    expiresAt: expiresAt.toISOString(),
  };
}

/**
 * Takes what was sent: it is copied to a key for which no URL was ever signed, so from here on nobody can change it,
 * and the worker is told to make a picture of it. Repeatable: an upload moves on once.
 *
 * @throws ProblemError `not-found`, `upload-missing`, `upload-expired`.
 */
export async function completeUpload(
  db: Database,
  objects: ObjectStore,
  customerId: string,
  id: string,
  signal: AbortSignal,
): Promise<Committed<Upload>> {
  // Where it stands now: a replica could send a client away that is right on time.
  const upload = await db.replica('primary').read((tx) => findOwnUpload(tx, customerId, id), signal);
  if (!upload) throw new ProblemError('not-found');
  const key = upload.status === 'pending' ? await copyStagedObject(objects, upload, signal) : null;
  return await db.primary.transaction(
    async (tx) => {
      const moved = key && (await startProcessing(tx, id));
      if (!moved) return toUpload((await findOwnUpload(tx, customerId, id)) as UploadRow);
      await addEvents(tx, [{ topic: 'picture.process', payload: { uploadId: id, key } }]);
      return toUpload(moved);
    },
    { deadline: signal, replayable: true },
  );
}

/**
 * Looks in both places at once, since the answer about one may never come.
 *
 * @returns the key of a copy that nobody can change.
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
    // Nothing in the one place and no answer about the other: it may be there.
    const reasons: unknown[] = (error as AggregateError).errors;
    throw reasons.find((reason) => !(reason instanceof ProblemError)) ?? reasons[0];
  }
}
