import { project } from '@shop/shop-client/topology-under-test.ts';
import { execa } from 'execa';
import { PsqlSession, psql, SessionEnded } from './psql-session.ts';

export type Container = { id: string; name: string; service: string; state: string };

/** The project's containers of a service, running or not. */
export async function containersOf(service: string): Promise<Container[]> {
  const { stdout } = await execa('docker', [
    'ps',
    '--all',
    '--no-trunc',
    '--filter',
    `label=com.docker.compose.project=${project}`,
    '--filter',
    `label=com.docker.compose.service=${service}`,
    '--format',
    '{{.ID}} {{.Names}} {{.State}}',
  ]);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [id = '', name = '', state = ''] = line.split(' ');
      return { id, name, service, state };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** The running containers of a service. @throws when there is none. */
export async function running(service: string): Promise<Container[]> {
  const up = (await containersOf(service)).filter(({ state }) => state === 'running');
  if (up.length === 0) throw new Error(`no container of ${service} runs in project ${project}`);
  return up;
}

/** What an API replica calls itself in `x-served-by`. */
export const replicaName = (container: Container) => container.id.slice(0, 12);

/** Runs docker and returns what it printed. */
export async function docker(...args: string[]): Promise<string> {
  return (await execa('docker', args)).stdout;
}

/**
 * `docker compose` on the project under test, with the same settings as it was started with.
 * `settings` are the variables that switch a mechanism off for a test that must fail.
 */
export async function compose(args: string[], settings: Record<string, string> = {}): Promise<void> {
  await execa('docker', ['compose', '--project-name', project, ...args], { env: settings });
}

export const databaseNodes = ['db-1', 'db-2', 'db-3'] as const;
export const storageNodes = ['minio-1', 'minio-2', 'minio-3', 'minio-4'] as const;

/** Values of our own as a list for SQL's `IN`. */
export const quoted = (values: string[]) => values.map((value) => `'${value}'`).join(',');

const sessions = new Map<string, PsqlSession>();

/** Runs a query on one database node itself, past every proxy; rows as arrays of text. @throws when it does not answer. */
export async function queryNode(node: string, sql: string, database = 'shop'): Promise<string[][]> {
  const ask = async () => (await sessionOn(node, database)).ask(sql);
  // The node was started anew, or its Postgres was, since the last question.
  const printed = await ask().catch((error) => {
    if (error instanceof SessionEnded) return ask();
    throw error;
  });
  return printed
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t'));
}

async function sessionOn(node: string, database: string): Promise<PsqlSession> {
  const name = `${node}/${database}`;
  const kept = sessions.get(name);
  if (kept && !kept.ended) return kept;
  const [container] = await running(node);
  const session = new PsqlSession(container!.id, database);
  sessions.set(name, session);
  return session;
}

/** A session on a database node, past every proxy: takes SQL from its `stdin`, and ends with it. */
export function openSession(node: Container) {
  return execa('docker', ['exec', '--interactive', node.id, ...psql, 'shop'], {
    stdin: 'pipe',
    reject: false,
  });
}

/** The node that is the primary now. */
export async function primaryNode(): Promise<string> {
  for (const node of databaseNodes) {
    const [row] = await queryNode(node, 'SELECT pg_is_in_recovery()').catch(() => []);
    if (row?.[0] === 'f') return node;
  }
  throw new Error('no database node is the primary');
}
