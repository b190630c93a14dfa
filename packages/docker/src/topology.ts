import { type CommandOptions, command } from '@shop/command/command.ts';
import { root } from '@shop/command/folders.ts';
import { execa } from 'execa';
import { engine, ofCompose } from './engine-api.ts';

/** One run of docker-compose.yml, with its own containers, networks, volumes and ports. */
export interface Topology {
  /** Compose's project name. */
  project: string;
  /** First two numbers of its networks' addresses. */
  subnet: string;
  /** The variable that moves it to another subnet, if there is one. */
  subnetVariable?: string;
  /** Ports of 127.0.0.1 by the variable that docker-compose.yml reads them from. */
  ports: Record<PortVariable, number>;
  /** Compose files, each overriding those before it; only docker-compose.yml if there are none. */
  files?: string[];
  /** Where a replica of the API must serve before it counts as ready: both edges, if it is left out. */
  entrances?: string[];
  /** Variables of docker-compose.yml that differ from the usual, such as BROKEN_VARIANT. */
  settings?: Record<string, string>;
}

type PortVariable = 'SHOP_HTTP_PORT_1' | 'SHOP_HTTP_PORT_2' | 'SHOP_HTTPS_PORT_1' | 'SHOP_HTTPS_PORT_2';

/** The topology of `npm start`; variables with these names change its place. */
export function shopTopology(environment: NodeJS.ProcessEnv = process.env): Topology {
  const port = (variable: PortVariable, usual: number) => Number(environment[variable] ?? usual);
  return {
    project: environment.COMPOSE_PROJECT_NAME ?? 'shop',
    subnet: environment.SHOP_SUBNET ?? '172.30',
    subnetVariable: 'SHOP_SUBNET',
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
 * The topology of `npm test`: it runs beside that of `npm start` and shares nothing with it. Two clones can test at the
 * same time if one of them sets SHOP_TEST_PROJECT, SHOP_TEST_SUBNET, SHOP_TEST_PORTS (the thousand with which its ports
 * begin) and SHOP_IMAGES.
 */
export function testTopology(environment: NodeJS.ProcessEnv = process.env): Topology {
  const firstPort = Number(environment.SHOP_TEST_PORTS ?? 18_000);
  return {
    project: environment.SHOP_TEST_PROJECT ?? 'shop-test',
    subnet: environment.SHOP_TEST_SUBNET ?? '172.31',
    subnetVariable: 'SHOP_TEST_SUBNET',
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
  return composeWith(args, {
    ...options,
    environment: { ...environmentOf(topology), ...options.environment },
  });
}

/** `compose` on the topology that this process's own variables name. */
export function composeWith(args: string[], options: CommandOptions): Promise<string> {
  return command('docker', ['compose', ...args], options);
}

/** `compose` with this process's terminal. `signal` ends it. @returns the exit code. */
export async function composeAttached(
  topology: Topology,
  args: string[],
  signal?: AbortSignal,
): Promise<number> {
  const { exitCode } = await execa('docker', ['compose', ...args], {
    cwd: root,
    env: environmentOf(topology),
    stdio: 'inherit',
    reject: false,
    cancelSignal: signal,
  });
  return exitCode ?? 1;
}

/** The variables of docker-compose.yml for this topology. */
export function environmentOf({ project, subnet, ports, files, settings }: Topology): Record<string, string> {
  const portVariables = Object.entries(ports).map(([variable, port]) => [variable, String(port)]);
  const composeFiles: Record<string, string> = files ? { COMPOSE_FILE: files.join(':') } : {};
  return {
    COMPOSE_PROJECT_NAME: project,
    SHOP_SUBNET: subnet,
    ...composeFiles,
    ...Object.fromEntries(portVariables),
    ...settings,
  };
}

/** Whether any container of the topology runs: it then already has its ports and memory. */
export async function isRunning({ project }: Topology): Promise<boolean> {
  const running = engine().listContainers({ filters: { label: ofCompose({ project }) } });
  // Where there is no engine yet, nothing runs.
  return (await running.catch(() => [])).length > 0;
}

/** The names of the topology's volumes: its data. */
export async function volumesOf({ project }: Topology): Promise<string[]> {
  const { Volumes } = await engine().listVolumes({ filters: { label: ofCompose({ project }) } });
  return Volumes.map(({ Name }) => Name).sort();
}
