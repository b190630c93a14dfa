import { createRequire } from 'node:module';
import { ActionableError } from '@shop/command/actionable-error.ts';
import type Docker from 'dockerode';
import { execa } from 'execa';

/** A refusal by the engine, or no engine that answers. `statusCode` is that of its answer, if there was one. */
export class EngineError extends ActionableError {
  readonly statusCode: number | undefined;

  constructor(call: string, cause: Error & { statusCode?: number }) {
    const { statusCode } = cause;
    // The text that the library puts before the engine's own message.
    const said = cause.message.replace(/^\(HTTP code \d+\) .*? - /, '').trim();
    const what = statusCode ? `refuses ${call} (${statusCode})` : `does not answer ${call}`;
    const first = statusCode ? '' : 'start it (`npm start` does so on Debian); then ';
    super(`The container engine ${what}: ${said}`, `${first}run the command again, it goes on from here`, {
      cause,
    });
    this.name = 'EngineError';
    this.statusCode = statusCode;
  }
}

/** The socket that the command `docker` uses; a context may name another one, such as Docker Desktop's. */
async function socketOfContext(): Promise<string> {
  const args = ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'];
  const { stdout } = await execa('docker', args, { reject: false });
  return /^unix:\/\/(.+)/.exec(stdout ?? '')?.[1] ?? '/var/run/docker.sock';
}

type Dial = (
  request: { method: string; path: string },
  answer: (error: Error | null, result: unknown) => void,
) => void;

let connected: Docker | undefined;

/**
 * The engine's own API, at the address in DOCKER_HOST or else in Docker's context. A call starts no process, as a
 * command would. The library takes 0.4 s of processor time to load, so a process loads it only when it calls the
 * engine.
 */
export function engine(): Docker {
  connected ??= connect();
  return connected;
}

function connect(): Docker {
  const Library: typeof Docker = createRequire(import.meta.url)('dockerode');
  // At its first call, the library calls such a function once; its types do not say so.
  const socketPath = socketOfContext as unknown as string;
  const client = new Library(process.env.DOCKER_HOST ? {} : { socketPath });
  // The library's errors name neither the call nor what to do.
  const dial: Dial = client.modem.dial.bind(client.modem);
  const dialAndName: Dial = (request, answer) => {
    const call = `${request.method} ${request.path.replace(/\?$/, '')}`;
    dial(request, (error, result) => answer(error && new EngineError(call, error), result));
  };
  client.modem.dial = dialAndName;
  return client;
}

/** A container of the engine, by its id or name. */
export const container = (id: string) => engine().getContainer(id);

/** An image, by its name; `undefined` when there is none. */
export async function imageNamed(name: string): Promise<Docker.ImageInspectInfo | undefined> {
  return await engine()
    .getImage(name)
    .inspect()
    .catch((error) => {
      if (error.statusCode !== 404) throw error;
      return undefined;
    });
}

/** Counts some refusals as success, as `docker` does: 304, the state is already so; 404, there is no such thing. */
async function orElse(harmless: 304 | 404, asked: Promise<unknown>): Promise<void> {
  await asked.catch((error) => {
    if (error.statusCode !== harmless) throw error;
  });
}

/** Creates a container and starts it, like `docker run --detach`, from an image that exists on this machine. */
export async function run(options: Docker.ContainerCreateOptions): Promise<void> {
  await (await engine().createContainer(options)).start();
}

/** Starts a container; changes nothing when it runs. */
export async function start(id: string): Promise<void> {
  await orElse(304, container(id).start());
}

/**
 * SIGTERM, then SIGKILL after the container's grace period; returns when it has stopped. Changes nothing when it does
 * not run.
 */
export async function stop(id: string): Promise<void> {
  await orElse(304, container(id).stop());
}

/** Kills a container if it runs, and removes it with its unnamed volumes; changes nothing when there is none. */
export async function remove(id: string): Promise<void> {
  await orElse(404, container(id).remove({ force: true, v: true }));
}

/** Removes a volume; changes nothing when there is none. */
export async function removeVolume(name: string): Promise<void> {
  await orElse(404, engine().getVolume(name).remove());
}

/** The labels that compose gives its containers, volumes and networks, as a filter of the engine's lists. */
export const ofCompose = (labels: Record<string, string>): string[] =>
  Object.entries(labels).map(([name, value]) => `com.docker.compose.${name}=${value}`);

/** A container as the engine lists it. */
export interface Listed {
  id: string;
  name: string;
  service: string;
  /** created, running, paused, restarting, exited, dead. */
  state: string;
  /** For a person, with the health or the exit code: `Up 2 minutes (healthy)`, `Exited (137) 5 seconds ago`. */
  status: string;
  /** Its addresses in the networks of the project; none while it does not run. */
  addresses: string[];
}

/** The containers of a compose project's services, running or not, by name; only those of `service` if it is given. */
export async function listContainers(project: string, service?: string): Promise<Listed[]> {
  // `docker compose run` starts containers with a service's name that are not part of the service.
  const label = ofCompose({ project, oneoff: 'False', ...(service && { service }) });
  const containers = await engine().listContainers({ all: true, filters: { label } });
  return containers
    .map(({ Id, Names, Labels, State, Status, NetworkSettings }) => ({
      id: Id,
      name: Names[0]?.slice(1) ?? '',
      service: Labels['com.docker.compose.service'] ?? '',
      state: State,
      status: Status,
      addresses: Object.values(NetworkSettings?.Networks ?? {}).flatMap(({ IPAddress }) => IPAddress || []),
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
