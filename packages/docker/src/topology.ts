import { type CommandOptions, command } from '@shop/command/command.ts';
import { execa } from 'execa';

/** One run of docker-compose.yml: its own containers, networks, volumes and ports beside other runs. */
export interface Topology {
  /** Compose's project name. */
  project: string;
  /** First two numbers of its networks' addresses. */
  subnet: string;
  /** Ports of 127.0.0.1 by the variable that docker-compose.yml reads them from. */
  ports: Record<PortVariable, number>;
  /** Compose files, each laid over those before it; docker-compose.yml alone if there are none. */
  files?: string[];
}

type PortVariable = 'SHOP_HTTP_PORT_1' | 'SHOP_HTTP_PORT_2' | 'SHOP_HTTPS_PORT_1' | 'SHOP_HTTPS_PORT_2';

/** The topology of `npm start`; the variables of the same names move it elsewhere. */
export function shopTopology(environment: NodeJS.ProcessEnv = process.env): Topology {
  const port = (variable: PortVariable, usual: number) => Number(environment[variable] ?? usual);
  return {
    project: environment.COMPOSE_PROJECT_NAME ?? 'shop',
    subnet: environment.SHOP_SUBNET ?? '172.30',
    ports: {
      SHOP_HTTP_PORT_1: port('SHOP_HTTP_PORT_1', 8080),
      SHOP_HTTP_PORT_2: port('SHOP_HTTP_PORT_2', 8081),
      SHOP_HTTPS_PORT_1: port('SHOP_HTTPS_PORT_1', 8443),
      SHOP_HTTPS_PORT_2: port('SHOP_HTTPS_PORT_2', 8444),
    },
  };
}

/** The topology of `npm run dev`: that of `npm start`, with the sources mounted and watched. */
export function watchTopology(environment: NodeJS.ProcessEnv = process.env): Topology {
  return { ...shopTopology(environment), files: ['docker-compose.yml', 'infra/dev/compose.yml'] };
}

/**
 * The topology of `npm test`: beside that of `npm start`, and never in its way. Two clones test side by side when one of
 * them sets SHOP_TEST_PROJECT, SHOP_TEST_SUBNET, SHOP_TEST_PORTS (the thousand that its ports begin with) and SHOP_IMAGES.
 */
export function testTopology(environment: NodeJS.ProcessEnv = process.env): Topology {
  const firstPort = Number(environment.SHOP_TEST_PORTS ?? 18_000);
  return {
    project: environment.SHOP_TEST_PROJECT ?? 'shop-test',
    subnet: environment.SHOP_TEST_SUBNET ?? '172.31',
    ports: {
      SHOP_HTTP_PORT_1: firstPort + 80,
      SHOP_HTTP_PORT_2: firstPort + 81,
      SHOP_HTTPS_PORT_1: firstPort + 443,
      SHOP_HTTPS_PORT_2: firstPort + 444,
    },
  };
}

/** The addresses of the two edges over plain HTTP. */
export function edgeOrigins({ ports }: Topology): string[] {
  return [ports.SHOP_HTTP_PORT_1, ports.SHOP_HTTP_PORT_2].map((port) => `http://localhost:${port}`);
}

/** Runs `docker compose` on a topology and returns its stdout. */
export function compose(topology: Topology, args: string[], options: CommandOptions = {}): Promise<string> {
  return command('docker', ['compose', ...args], {
    ...options,
    environment: { ...environmentOf(topology), ...options.environment },
  });
}

/** What docker-compose.yml reads from the environment for this topology. */
export function environmentOf({ project, subnet, ports, files }: Topology): Record<string, string> {
  const portVariables = Object.entries(ports).map(([variable, port]) => [variable, String(port)]);
  const composeFiles: Record<string, string> = files ? { COMPOSE_FILE: files.join(':') } : {};
  return {
    COMPOSE_PROJECT_NAME: project,
    SHOP_SUBNET: subnet,
    ...composeFiles,
    ...Object.fromEntries(portVariables),
  };
}

interface Service {
  image: string;
  build?: object;
  scale?: number;
  restart?: string;
  depends_on?: Record<string, { condition: string }>;
}

/** The services of a topology by name, as compose understands its files; read once, since that takes compose a second. */
export function servicesOf(topology: Topology): Promise<Record<string, Service>> {
  const key = [topology.project, ...(topology.files ?? [])].join(' ');
  const known = knownServices.get(key) ?? readServices(topology);
  knownServices.set(key, known);
  return known;
}

const knownServices = new Map<string, Promise<Record<string, Service>>>();

async function readServices(topology: Topology): Promise<Record<string, Service>> {
  return JSON.parse(await compose(topology, ['config', '--format', 'json'])).services;
}

/** Whether any container of the topology runs: it then has its ports and memory. */
export async function isRunning({ project }: Topology): Promise<boolean> {
  const args = ['ps', '--quiet', '--filter', `label=com.docker.compose.project=${project}`];
  const { stdout } = await execa('docker', args, { reject: false });
  return Boolean(stdout);
}

/** The names of the topology's volumes: its data. */
export async function volumesOf({ project }: Topology): Promise<string[]> {
  const filter = `label=com.docker.compose.project=${project}`;
  const names = await command('docker', ['volume', 'ls', '--quiet', '--filter', filter]);
  return names.split('\n').filter(Boolean);
}

/**
 * The order in which services start, since two cores cannot boot all of them at once: stores first, then what does
 * without object storage (whose image compiles for minutes the first time), then the rest. Within a wave, compose
 * follows `depends_on`.
 */
export function wavesOf(
  services: Record<string, Service>,
): Record<'stores' | 'services' | 'everything', string[]> {
  const names = Object.keys(services);
  const needsObjectStorage = (name: string): boolean =>
    isObjectStorage(services[name]?.image) ||
    Object.keys(services[name]?.depends_on ?? {}).some(needsObjectStorage);
  const early = names.filter((name) => !needsObjectStorage(name));
  return { stores: early.filter((name) => storeNames.test(name)), services: early, everything: names };
}

/** Whether an image, whatever prefix SHOP_IMAGES gives it, is that of object storage. */
export const isObjectStorage = (image: string | undefined) => /\/minio$/.test(image ?? '');
const storeNames = /^(secrets|etcd|db|redis|sentinel|cache)/;

/** One service for each image that is built here: building one is enough for all that share it. */
export function buildersOf(services: Record<string, Service>): Map<string, string> {
  const built = Object.entries(services).filter(([, { build }]) => build);
  return new Map(built.reverse().map(([name, { image }]) => [image, name]));
}
