import type { Upload } from '@shop/contracts/uploads.ts';
import type { Transaction } from '@shop/database/connection.ts';
import { uploads } from '@shop/database/schema/uploads.ts';
import { and, desc, eq, sql } from 'drizzle-orm';

/** Newest first, of all customers. */
export async function listUploads(
  tx: Transaction,
  status: Upload['status'] | undefined,
  limit: number,
  before?: string,
) {
  return await tx
    .select()
    .from(uploads)
    .where(and(status ? eq(uploads.status, status) : undefined, before ? older(before) : undefined))
    .orderBy(desc(uploads.createdAt), desc(uploads.id))
    .limit(limit);
}

const older = (id: string) =>
  sql`(${uploads.createdAt}, ${uploads.id}) < (SELECT mark.created_at, mark.id FROM ${uploads} AS mark WHERE mark.id = ${id}::uuid)`;
