import type { Upload } from '@shop/contracts/uploads.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { uploads } from '@shop/database/schema/uploads.ts';
import { and, desc, eq, lt } from 'drizzle-orm';

/** Newest first, of everybody. */
export async function listUploads(
  tx: Transaction,
  status: Upload['status'] | undefined,
  limit: number,
  before?: string,
) {
  return await tx
    .select()
    .from(uploads)
    .where(and(status ? eq(uploads.status, status) : undefined, before ? lt(uploads.id, before) : undefined))
    .orderBy(desc(uploads.id))
    .limit(limit);
}
