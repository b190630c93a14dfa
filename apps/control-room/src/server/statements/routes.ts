import type { FastifyInstance } from 'fastify';
import type { Silence } from '../../shared/silence.ts';
import type { Plan, Statements } from '../../shared/statements.ts';
import type { StatementReader } from './reader.ts';

/** `GET /statements`: the slowest ones. `GET /statements/…/plan`: how Postgres would run one of them. */
export function registerStatements(
  app: FastifyInstance,
  reader: Pick<StatementReader, 'read' | 'plan'>,
): void {
  app.get('/statements', async (): Promise<Statements | Silence> => {
    return await reader.read().catch(() => ({ silent: 'No database node answers' }));
  });

  type Path = { node: string; role: string; queryId: string };
  // A browser names a statement and sends no SQL.
  app.get<{ Params: Path }>('/statements/:node/:role/:queryId/plan', async ({ params }, reply) => {
    const plan: Plan | undefined = await reader.plan(`${params.node}/${params.role}/${params.queryId}`);
    if (!plan) return reply.code(404).send({ message: 'The node no longer has this statement.' });
    return plan;
  });
}
