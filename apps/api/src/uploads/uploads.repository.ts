import { mediaUrls } from '@shop/contracts/media.ts';
import type { Upload } from '@shop/contracts/uploads.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { uploads } from '@shop/database/schema/uploads.ts';
import { and, eq } from 'drizzle-orm';

export type UploadRow = typeof uploads.$inferSelect;

/** @returns the name of the upload's objects, null before it is ready. Rows of earlier releases have their hash only. */
export function nameOfReady(row: Pick<UploadRow, 'status' | 'objectName' | 'sha256'>): string | null {
  return row.status === 'ready' ? (row.objectName ?? row.sha256) : null;
}

/** The upload as the contract shows it. */
export function toUpload(row: UploadRow): Upload {
  const { id, status, purpose, contentType, sizeBytes, sha256, reason, createdAt } = row;
  const name = nameOfReady(row);
  const urls = name === null ? null : { original: `/api/uploads/${id}/original`, ...mediaUrls(name) };
  return {
    id,
    status,
    purpose,
    contentType,
    sizeBytes,
    sha256,
    urls,
    reason,
    createdAt: createdAt.toISOString(),
  };
}

export async function insertUpload(tx: Transaction, upload: typeof uploads.$inferInsert): Promise<void> {
  await tx.insert(uploads).values(upload);
}

/** @returns undefined also for another customer's. */
export async function findOwnUpload(
  tx: Transaction,
  customerId: string,
  id: string,
): Promise<UploadRow | undefined> {
  const [row] = await tx
    .select()
    .from(uploads)
    .where(and(eq(uploads.id, id), eq(uploads.customerId, customerId)));
  return row;
}

/** Moves a pending upload on. @returns undefined when it has moved already. */
export async function startProcessing(tx: Transaction, id: string): Promise<UploadRow | undefined> {
  const [row] = await tx
    .update(uploads)
    .set({ status: 'processing' })
    .where(and(eq(uploads.id, id), eq(uploads.status, 'pending')))
    .returning();
  return row;
}
