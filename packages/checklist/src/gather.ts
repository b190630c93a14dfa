import { readFile } from 'node:fs/promises';
import { connect, type PeerCertificate } from 'node:tls';
import { ActionableError } from '@shop/command/actionable-error.ts';
import { command } from '@shop/command/command.ts';
import { root } from '@shop/command/folders.ts';
import { containersOf } from '@shop/docker/containers.ts';
import { container, engine } from '@shop/docker/engine-api.ts';
import { execIn } from '@shop/docker/in-container.ts';
import { servicesOf } from '@shop/docker/services.ts';
import type { Topology } from '@shop/docker/topology.ts';
import { type Certificate, type Facts, type Inspected, type Statement, serviceOf } from './facts.ts';

/** Reads the facts of a running topology and of the sources. @throws ActionableError when the topology does not run. */
export async function gatherFacts(topology: Topology): Promise<Facts> {
  const [containers, machine, files, certificates] = await Promise.all([
    inspectedContainers(topology),
    engine().info(),
    trackedFiles(),
    certificatesOf(topology),
  ]);
  const statements = await statementsOf(containers);
  // Compose starts all of a project's containers on one engine.
  return { containers, machines: [machine.Name], files, certificates, statements, now: new Date() };
}

async function inspectedContainers(topology: Topology): Promise<Inspected[]> {
  const services = await servicesOf(topology);
  // A job ends, so it need not run all the time.
  const names = (await containersOf(topology))
    .filter(({ service }) => services[service]?.restart !== 'no')
    .map(({ name }) => name);
  if (names.length === 0) throw new ActionableError('The shop is not running.', 'run `npm start` first');
  return await Promise.all(names.map((name) => container(name).inspect()));
}

const binary = /\.(webp|png|ico|woff2?|gz)$/;

async function trackedFiles(): Promise<Map<string, string>> {
  const hint = 'the checklist looks at what git tracks: run it in a clone of the repository';
  const listed = await command('git', ['ls-files', '-z'], { hint });
  const paths = listed.split('\0').filter((path) => path && !binary.test(path));
  const read = async (path: string) => {
    // A file that was deleted without a commit is still listed.
    const text = await readFile(`${root}${path}`, 'utf8').catch(() => '');
    return [path, text] as const;
  };
  return new Map(await Promise.all(paths.map(read)));
}

async function certificatesOf({ ports }: Topology): Promise<Certificate[]> {
  const edges = { 'edge-1': ports.SHOP_HTTPS_PORT_1, 'edge-2': ports.SHOP_HTTPS_PORT_2 };
  const shown = await Promise.allSettled(
    Object.entries(edges).map(async ([edge, port]) => {
      const { valid_to: validTo, issuer, subject } = await certificateAt(port);
      const selfSigned = JSON.stringify(issuer) === JSON.stringify(subject);
      return { edge, validTo: new Date(validTo), selfSigned };
    }),
  );
  return shown.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
}

function certificateAt(port: number): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    // Untrusted certificates are accepted here: a check reports them.
    const socket = connect({ host: 'localhost', port, rejectUnauthorized: false, timeout: 10_000 }, () => {
      resolve(socket.getPeerCertificate());
      socket.end();
    });
    socket.once('error', reject).once('timeout', () => socket.destroy(new Error('no answer')));
  });
}

const asAdministrator = ['psql', '--host=/run/postgresql', '--username=postgres', '--no-psqlrc', '--quiet'];
const statementsSql = `
  SELECT coalesce(json_agg(json_build_object('role', rolname, 'query', query, 'calls', calls,
    'blocksPerCall', (shared_blks_hit + shared_blks_read)::float / calls)), '[]')
  FROM pg_stat_statements JOIN pg_roles ON pg_roles.oid = userid
  WHERE dbid IN (SELECT oid FROM pg_database WHERE datname IN ('shop', 'payments'))`;

/** The statistics of every node, because each has its own; undefined where one of them has none. */
async function statementsOf(containers: Inspected[]): Promise<Statement[] | undefined> {
  const nodes = containers.filter(
    (node) => /^db-\d+$/.test(serviceOf(node)) && node.State.Status === 'running',
  );
  const ask = async ({ Name }: Inspected): Promise<Statement[]> => {
    const psql = [...asAdministrator, '--no-align', '--tuples-only', 'shop', '--command', statementsSql];
    return JSON.parse(await execIn(Name.slice(1), ...psql));
  };
  const records = await Promise.allSettled(nodes.map(ask));
  if (records.length === 0 || records.some(({ status }) => status === 'rejected')) return undefined;
  return records.flatMap((record) => (record.status === 'fulfilled' ? record.value : []));
}
