import { openInPod } from '@shop/cluster/kubectl.ts';
import { type Listed, listContainers } from '@shop/docker/engine-api.ts';
import { openIn, outputOf, type Program } from '@shop/docker/in-container.ts';
import { composeWith } from '@shop/docker/topology.ts';
import { namespaceUnderTest, project } from '@shop/shop-client/topology-under-test.ts';
import { clusterUnderTest } from './cluster-under-test.ts';
import { PsqlSession, psql, SessionEnded } from './psql-session.ts';

export type Container = Listed;

/** The project's containers of a service, running or not. */
export const containersOf = (service: string): Promise<Container[]> => listContainers(project, service);

/** Containers that run and take no part: sound replicas, while broken ones serve in their place. */
const aside = new Set<string>();

/** Runs `body` while `running` does not name these containers, so nothing strikes them. */
export async function withoutNaming(containers: Container[], body: () => Promise<void>): Promise<void> {
  for (const { id } of containers) aside.add(id);
  try {
    await body();
  } finally {
    for (const { id } of containers) aside.delete(id);
  }
}

/** The running containers of a service. @throws when there is none. */
export async function running(service: string): Promise<Container[]> {
  const all = await containersOf(service);
  const up = all.filter(({ id, state }) => state === 'running' && !aside.has(id));
  if (up.length === 0) throw new Error(`no container of ${service} runs in project ${project}`);
  return up;
}

/** What an API replica calls itself in `x-served-by`. */
export const replicaName = (container: Container) => container.id.slice(0, 12);

/**
 * `docker compose` on the project under test, with the same settings as it was started with.
 * `settings` are the variables that switch a mechanism off for a test that must fail.
 */
export async function compose(
  args: string[],
  settings: Record<string, string> = {},
  input?: string,
): Promise<void> {
  await composeWith(['--project-name', project, ...args], { environment: settings, input });
}

export const databaseNodes = ['db-1', 'db-2', 'db-3'] as const;
export const storageNodes = ['minio-1', 'minio-2', 'minio-3', 'minio-4'] as const;

/** Values of our own as a list for SQL's `IN`. */
export const quoted = (values: string[]) => values.map((value) => `'${value}'`).join(',');

/**
 * Starts programs on a node: in its pod where the topology under test is on Kubernetes, else in its container.
 * @throws when no container of it runs.
 */
export async function programsIn(node: string): Promise<(...command: string[]) => Promise<Program>> {
  if (namespaceUnderTest) {
    // The pod of a service of one is its first.
    const pod = /-\d$/.test(node) ? node : `${node}-0`;
    return (...command) => openInPod(clusterUnderTest(), pod, ...command);
  }
  const [found] = await running(node);
  return (...command) => openIn(found!.id, ...command);
}

/** Runs a program on a node to its end. @returns its output. @throws when it fails, and when no container runs. */
export async function runOn(node: string, ...command: string[]): Promise<string> {
  const start = await programsIn(node);
  return await outputOf(await start(...command), `\`${command.join(' ')}\` on ${node}`);
}

const sessions = new Map<string, PsqlSession>();

/** Runs a query on one database node, without a proxy; rows as arrays of text. @throws when it does not answer. */
export async function queryNode(node: string, sql: string, database = 'shop'): Promise<string[][]> {
  const ask = async () => (await sessionOn(node, database)).ask(sql);
  // The node or its Postgres was restarted since the last query.
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
  const session = await PsqlSession.open(await programsIn(node), database);
  sessions.set(name, session);
  return session;
}

/** A session on a database node, without a proxy: reads SQL from its `stdin`, and ends with it. */
export async function openSession(node: string): Promise<Program> {
  const start = await programsIn(node);
  return await start(...psql, 'shop');
}

/** The node that is the primary now. */
export async function primaryNode(): Promise<string> {
  for (const node of databaseNodes) if (await isPrimary(node).catch(() => false)) return node;
  throw new Error('no database node is the primary');
}

/** Whether this node takes writes. @throws when it does not answer. */
export async function isPrimary(node: string): Promise<boolean> {
  const [row] = await queryNode(node, 'SELECT pg_is_in_recovery()');
  return row?.[0] === 'f';
}
