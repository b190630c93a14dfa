/** One edge in front of two stand-ins for all that is behind it, which write down each request that reaches them. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { running } from '@shop/chaos/topology/topology.ts';
import { container, engine, remove, run } from '@shop/docker/engine-api.ts';
import { outputSince } from '@shop/docker/in-container.ts';
import pWaitFor from 'p-wait-for';

/**
 * What a stand-in does once it has read a whole request: the client asks for it by the header `x-behaviour`, or by a
 * parameter `behaviour` where the edge passes no header on. `slow` answers after two seconds. For a picture the edge passes
 * on neither: the first stand-in does not know `/media/written-meanwhile-404…` and says so by this status.
 */
export type Behaviour = 'answer' | 'reset' | 'slow' | 'unavailable';
export type Delivery = { method: string; url: string; headers: Record<string, string> };

/** Runs inside the containers of the stand-ins, so it is text. */
const standIn = `
const answer = (request, reply) => {
  request.resume().on('end', () => {
    const { method, url, headers, socket } = request;
    console.log(JSON.stringify({ method, url, headers }));
    const behaviour = headers['x-behaviour'] ?? new URL(url, 'http://edge').searchParams.get('behaviour');
    if (behaviour === 'reset') return socket.resetAndDestroy();
    reply.setHeader('x-served-by', require('node:os').hostname());
    const [, missing] = /^\\/media\\/written-meanwhile-(40[34])/.exec(url) ?? [];
    const knows = missing === undefined || process.env.WAS_AWAY === undefined;
    reply.statusCode = behaviour === 'unavailable' ? 503 : knows ? 200 : Number(missing);
    setTimeout(() => reply.end('{}'), behaviour === 'slow' ? 2_000 : 0);
  });
};
for (const port of [3000, 1080, 9000, 9090]) require('node:http').createServer(answer).listen(port);`;

async function inspected(service: string) {
  const [replica] = await running(service);
  return await container(replica!.id).inspect();
}

export class EdgeAlone {
  readonly #name = `edge-alone-${randomUUID().slice(0, 8)}`;
  readonly #standIns = [1, 2].map((n) => `${this.#name}-api-${n}`);
  /** The edge's address. */
  url = '';

  /** The images are those of the topology under test. @param own settings of this edge, as of infra/edge/start-edge.sh. */
  async start(own: Record<string, string> = {}): Promise<void> {
    const api = await inspected('api');
    const edge = await inspected('edge-1');
    const secrets = edge.Mounts.find(({ Destination }) => Destination === '/run/secrets')!.Name;
    await engine().createNetwork({ Name: this.#name });
    for (const [index, name] of this.#standIns.entries()) {
      await run({
        name,
        Env: index === 0 ? ['WAS_AWAY=1'] : [],
        Image: api.Config.Image,
        Entrypoint: ['node'],
        Cmd: ['-e', standIn],
        HostConfig: { NetworkMode: this.#name },
        NetworkingConfig: {
          EndpointsConfig: { [this.#name]: { Aliases: ['api', 'mail', 'minio', 'prometheus'] } },
        },
      });
    }
    const settings = {
      EDGE_ORIGINS: 'http://127.0.0.1:8080,https://127.0.0.1:8443',
      EDGE_REQUESTS_PER_SECOND: '1000',
      EDGE_CONNECTIONS: '100',
      APP_SUBNET: '127.0.0.0/8',
      SHOP_ENVIRONMENT: 'test',
      ...own,
    };
    await run({
      name: this.#name,
      Image: edge.Config.Image,
      Hostname: 'edge-1',
      // The engine publishes no port that is not exposed, and the image exposes none.
      ExposedPorts: { '8080/tcp': {} },
      Env: Object.entries(settings).map(([name, value]) => `${name}=${value}`),
      HostConfig: {
        NetworkMode: this.#name,
        // Port 0 lets the engine choose one.
        PortBindings: { '8080/tcp': [{ HostIp: '127.0.0.1', HostPort: '0' }] },
        GroupAdd: ['7010'],
        Tmpfs: { '/run/nginx': 'uid=101,gid=101' },
        Binds: [`${secrets}:/run/secrets:ro`],
      },
    });
    const { Ports } = (await container(this.#name).inspect()).NetworkSettings;
    this.url = `http://127.0.0.1:${Ports['8080/tcp']?.[0]?.HostPort}`;
    await this.untilBothServe();
  }

  /** A stand-in that has failed is left out for a second: waits until the edge asks both again. */
  async untilBothServe(): Promise<void> {
    const seen = new Set<string | null>();
    const bothServe = async () => {
      const reply = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (reply?.ok) seen.add(reply.headers.get('x-served-by'));
      return seen.size === this.#standIns.length;
    };
    await pWaitFor(bothServe, { interval: 50, timeout: 30_000 });
  }

  async stop(): Promise<void> {
    await Promise.all([this.#name, ...this.#standIns].map(remove));
    await engine().getNetwork(this.#name).remove();
  }

  /**
   * Every request with `part` in its address that has reached a stand-in. The engine keeps what a program says a moment after
   * it is said, so this waits for as many as must have come (`atLeast`), and then long enough for any other.
   */
  async deliveries(part: string, atLeast = 1): Promise<Delivery[]> {
    const areThere = async () => (await this.#delivered(part)).length >= atLeast;
    const message = `fewer than ${atLeast} requests with ${part} reached a stand-in`;
    await pWaitFor(areThere, { interval: 50, timeout: { milliseconds: 30_000, message } });
    await sleep(300);
    return await this.#delivered(part);
  }

  async #delivered(part: string): Promise<Delivery[]> {
    const logs = await Promise.all(this.#standIns.map((name) => outputSince(name, 0)));
    return logs
      .flatMap((log) => log.split('\n').filter(Boolean))
      .map((line): Delivery => JSON.parse(line))
      .filter(({ url }) => url.includes(part));
  }
}
