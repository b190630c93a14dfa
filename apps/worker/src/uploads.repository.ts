import type { Transaction } from '@shop/database/connection.ts';
import { uploads } from '@shop/database/schema/uploads.ts';
import { and, eq } from 'drizzle-orm';
import type { Rejection } from './picture.ts';

export async function findUpload(tx: Transaction, id: string) {
  const [upload] = await tx.select().from(uploads).where(eq(uploads.id, id));
  return upload;
}

export type Processed = {
  status: 'ready' | 'rejected';
  sha256: string | null;
  objectName: string | null;
  reason: Rejection | null;
};

/** Changes only an upload that is being processed: `ready` and `rejected` are final. */
export async function finishUpload(tx: Transaction, id: string, processed: Processed): Promise<void> {
  await tx
    .update(uploads)
    .set(processed)
    .where(and(eq(uploads.id, id), eq(uploads.status, 'processing')));
}
