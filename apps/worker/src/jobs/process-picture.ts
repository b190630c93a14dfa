import { createHash } from 'node:crypto';
import { maxUploadBytes } from '@shop/contracts/uploads.ts';
import { type Objects, ObjectTooLargeError } from '../objects.ts';
import { beginAttempt, markDone } from '../outbox.repository.ts';
import { checkType, RejectedPicture, renditions } from '../picture.ts';
import { findUpload, finishUpload, type Processed } from '../uploads.repository.ts';
import type { JobHandler } from './job.ts';

/**
 * Checks an uploaded picture and makes its public sizes: `processing` becomes `ready` or `rejected`.
 *
 * Why running it again is safe: every object is written under a key made of the SHA-256 of the bytes it comes from, so
 * a second run writes the same again; the row moves once, in the transaction that marks the event done. The bytes are
 * read once and kept under their own hash before they are decoded, so nothing that happens to the upload's key
 * afterwards changes what is shown.
 */
export const processPicture: JobHandler<'picture.process'> = async ({ db, objects }, { id, payload }) => {
  const { uploadId, key } = payload;
  const { value: begun } = await db.primary.transaction(
    async (tx) => {
      const [open, upload] = await Promise.all([beginAttempt(tx, id), findUpload(tx, uploadId)]);
      return { open, upload };
    },
    { replayable: true },
  );
  if (!begun.open) return;
  const { upload } = begun;
  const processed =
    upload?.status === 'processing' ? await processBytes(objects, key, upload.contentType) : null;
  await db.primary.transaction(
    async (tx) => {
      if (processed) await finishUpload(tx, uploadId, processed);
      await markDone(tx, id);
    },
    { replayable: true },
  );
  // The store's own rule removes it a day later if this does not.
  await objects.remove('uploads', key).catch(() => {});
};

async function processBytes(objects: Objects, key: string, declaredType: string): Promise<Processed> {
  let sha256: string | null = null;
  try {
    const bytes = await objects.read('uploads', key, maxUploadBytes);
    sha256 = createHash('sha256').update(bytes).digest('hex');
    await objects.write('uploads', `originals/${sha256}`, bytes, declaredType);
    await checkType(bytes, declaredType);
    const { large, thumbnail } = await renditions(bytes);
    await Promise.all([
      objects.write('media', `${sha256}-large.webp`, large, 'image/webp'),
      objects.write('media', `${sha256}-thumbnail.webp`, thumbnail, 'image/webp'),
    ]);
    return { status: 'ready', sha256, reason: null };
  } catch (error) {
    if (error instanceof ObjectTooLargeError) return { status: 'rejected', sha256, reason: 'too-large' };
    if (error instanceof RejectedPicture) return { status: 'rejected', sha256, reason: error.reason };
    throw error;
  }
}
