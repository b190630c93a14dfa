import type { Transaction } from '@shop/database/connection.ts';
import { ProblemError } from '../problem-error.ts';
import { publicUrls } from '../uploads/upload-urls.ts';
import { findOwnUpload } from '../uploads/uploads.repository.ts';
import type { ProductPictures } from './admin-products.repository.ts';

/** The longer side at most, as the worker makes them (apps/worker/src/picture.ts); a small original stays small. */
const largePx = 1_200;
const thumbnailPx = 240;

/** @throws ProblemError `upload-not-ready`. An upload of another account gets the same answer, which tells nothing about it. */
export async function picturesOfUpload(
  tx: Transaction,
  adminId: string,
  uploadId: string,
): Promise<ProductPictures> {
  const upload = await findOwnUpload(tx, adminId, uploadId);
  if (upload?.purpose !== 'product' || upload.status !== 'ready' || !upload.sha256) {
    throw new ProblemError('upload-not-ready');
  }
  const { large, thumbnail } = publicUrls(upload.sha256);
  return {
    imageUrl: large,
    images: [
      { url: thumbnail, width: thumbnailPx, type: 'image/webp' },
      { url: large, width: largePx, type: 'image/webp' },
    ],
  };
}
