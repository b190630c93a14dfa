import { mediaUrls } from '@shop/contracts/media.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { ProblemError } from '../problem-error.ts';
import { findOwnUpload, nameOfReady } from '../uploads/uploads.repository.ts';
import type { ProductPictures } from './admin-products.repository.ts';

/**
 * The limits of the longer side, as the worker makes them (apps/worker/src/picture.ts). A smaller original is not
 * enlarged.
 */
const largePx = 1_200;
const thumbnailPx = 240;

/**
 * @throws ProblemError `upload-not-ready`, also for an upload of another account: the answer does not say that it
 * exists.
 */
export async function picturesOfUpload(
  tx: Transaction,
  adminId: string,
  uploadId: string,
): Promise<ProductPictures> {
  const upload = await findOwnUpload(tx, adminId, uploadId);
  const name = upload?.purpose === 'product' ? nameOfReady(upload) : null;
  if (name === null) throw new ProblemError('upload-not-ready');
  const { large, thumbnail } = mediaUrls(name);
  return {
    imageUrl: large,
    images: [
      { url: thumbnail, width: thumbnailPx, type: 'image/webp' },
      { url: large, width: largePx, type: 'image/webp' },
    ],
  };
}
