import { execInService } from './services.ts';

/** The names of the database nodes that every lab has: the one that takes writes, and the one that follows it. */
export async function databaseNodes(): Promise<{ primary: string; replica: string }> {
  const question = ['psql', '-U', 'postgres', '-AtXc', 'SELECT pg_is_in_recovery()'];
  const isReplica = await execInService('db-1', ...question);
  return isReplica === 't' ? { primary: 'db-2', replica: 'db-1' } : { primary: 'db-1', replica: 'db-2' };
}
