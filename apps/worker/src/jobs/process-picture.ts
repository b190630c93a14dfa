import { createHash } from 'node:crypto';
import { mediaKeys, originalKey } from '@shop/contracts/media.ts';
import { maxUploadBytes } from '@shop/contracts/values.ts';
import { type Objects, ObjectTooLargeError } from '../objects.ts';
import { confirmOpen, markDone } from '../outbox.repository.ts';
import { checkType, RejectedPicture, type Rejection, renditions } from '../picture.ts';
import { findUpload, finishUpload, type Processed } from '../uploads.repository.ts';
import type { JobHandler } from './job.ts';

/**
 * Checks an uploaded picture and makes its public sizes: `processing` becomes `ready` or `rejected`.
 *
 * Why a second run is safe: the name of the objects is made of the SHA-256 of the source bytes and of the number of the
 * run, so a run never changes what another has written. The row moves once, in the transaction that marks the event
 * done, and from then on says which run's objects count. The job reads the bytes once and stores them before it decodes
 * them. So a later change under the upload's key does not change what shoppers see.
 *
 * Why the runs write under different keys: a node of the store that was killed during a write can leave the key locked
 * for two minutes (docs/decisions/0010-uploads.md), and the shopper would wait for so long.
 */
export const processPicture: JobHandler<'picture.process'> = async ({ db, objects }, event) => {
  const { uploadId, key } = event.payload;
  const { value: begun } = await db.primary.transaction(
    async (tx) => {
      const [open, upload] = await Promise.all([confirmOpen(tx, event), findUpload(tx, uploadId)]);
      return { open, upload };
    },
    { replayable: true },
  );
  if (!begun.open) return;
  const { upload } = begun;
  const processed =
    upload?.status === 'processing'
      ? await processBytes(objects, { key, declaredType: upload.contentType, runs: event.runs })
      : null;
  await db.primary.transaction(
    async (tx) => {
      if (processed) await finishUpload(tx, uploadId, processed);
      await markDone(tx, [event]);
    },
    { replayable: true },
  );
  // If this fails, the store's own expiry rule removes the object a day later.
  await objects.remove('uploads', key).catch(() => {});
};

type Source = { key: string; declaredType: string; runs: number };

async function processBytes(objects: Objects, { key, declaredType, runs }: Source): Promise<Processed> {
  let sha256: string | null = null;
  try {
    const bytes = await objects.read('uploads', key, maxUploadBytes);
    sha256 = createHash('sha256').update(bytes).digest('hex');
    const objectName = runs > 1 ? `${sha256}-${runs}` : sha256;
    await objects.write('uploads', originalKey(objectName), bytes, declaredType);
    await checkType(bytes, declaredType);
    const { large, thumbnail } = await renditions(bytes);
    const keys = mediaKeys(objectName);
    await Promise.all([
      objects.write('media', keys.large, large, 'image/webp'),
      objects.write('media', keys.thumbnail, thumbnail, 'image/webp'),
    ]);
    return { status: 'ready', sha256, objectName, reason: null };
  } catch (error) {
    const rejected = (reason: Rejection): Processed => ({
      status: 'rejected',
      sha256,
      objectName: null,
      reason,
    });
    if (error instanceof ObjectTooLargeError) return rejected('too-large');
    if (error instanceof RejectedPicture) return rejected(error.reason);
    throw error;
  }
}
