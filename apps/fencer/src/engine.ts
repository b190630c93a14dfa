import { createInterface } from 'node:readline';
import { Agent, request } from 'undici';

/** A database container, as the engine reports it. */
export interface Container {
  id: string;
  running: boolean;
  /** The pid of its first process, as the machine counts them; 0 when it does not run. */
  pid: number;
}

export type Engine = ReturnType<typeof createEngine>;

/**
 * The engine calls that fencing needs (https://docs.docker.com/reference/api/engine/), for containers of this compose
 * project only.
 */
export function createEngine(socketPath: string, project: string, callTimeoutMs = 10_000) {
  const dispatcher = new Agent({ connect: { socketPath }, bodyTimeout: 0 });
  const ofProject = [`com.docker.compose.project=${project}`, 'com.docker.compose.oneoff=False'];

  async function call(
    method: 'GET' | 'POST',
    path: string,
    body?: object,
    signal = AbortSignal.timeout(callTimeoutMs),
  ) {
    const headers = { 'content-type': 'application/json' };
    const answer = await request(`http://engine${path}`, {
      ...{ method, headers, dispatcher, signal },
      body: body && JSON.stringify(body),
    });
    if (answer.statusCode < 400) return answer.body;
    throw new Error(`engine ${method} ${path}: ${answer.statusCode} ${await answer.body.text()}`);
  }

  async function get<T>(path: string): Promise<T> {
    return (await (await call('GET', path)).json()) as T;
  }

  async function post(path: string, body?: object): Promise<void> {
    await (await call('POST', path, body)).dump();
  }

  async function inspect(id: string): Promise<Container> {
    type Answer = { Id: string; State: { Running: boolean; Pid: number } };
    const { Id, State } = await get<Answer>(`/containers/${id}/json`);
    return { id: Id, running: State.Running, pid: State.Pid };
  }

  return {
    inspect,

    /** @throws unless exactly one container has the name: with two, the death of one would prove nothing. */
    async findDatabase(service: string): Promise<Container> {
      const filters = JSON.stringify({ label: [...ofProject, `com.docker.compose.service=${service}`] });
      const found = await get<{ Id: string }[]>(
        `/containers/json?all=true&filters=${encodeURIComponent(filters)}`,
      );
      if (found.length !== 1) throw new Error(`${found.length} containers are called ${service}`);
      return inspect(found[0]!.Id);
    },

    /** SIGKILL, also to a paused container. Returns when it no longer runs. @throws when that takes too long. */
    async kill(id: string, timeoutMs = 10_000): Promise<void> {
      await post(`/containers/${id}/kill`);
      await (await call('POST', `/containers/${id}/wait`, undefined, AbortSignal.timeout(timeoutMs))).dump();
    },

    start: (id: string) => post(`/containers/${id}/start`),

    /**
     * Runs a command inside a container. The call reads its output, because only the output ends when the command ends.
     * @returns its exit code.
     */
    async execute(id: string, command: string[]): Promise<number> {
      const body = await call('POST', `/containers/${id}/exec`, { Cmd: command, AttachStdout: true });
      const exec = (await body.json()) as { Id: string };
      await post(`/exec/${exec.Id}/start`, { Detach: false });
      return (await get<{ ExitCode: number }>(`/exec/${exec.Id}/json`)).ExitCode;
    },

    /** Yields the service of each container of the project that dies, until the engine closes the stream. */
    async *deaths(signal: AbortSignal): AsyncGenerator<string | undefined> {
      const filters = JSON.stringify({ type: ['container'], event: ['die'], label: ofProject });
      const body = await call('GET', `/events?filters=${encodeURIComponent(filters)}`, undefined, signal);
      for await (const line of createInterface({ input: body })) {
        const { Actor } = JSON.parse(line) as { Actor: { Attributes: Record<string, string> } };
        yield Actor.Attributes['com.docker.compose.service'];
      }
    },
  };
}
