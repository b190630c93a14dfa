/** One edge in front of two stand-ins for the API, which write down each request that reaches them. */
import { randomUUID } from 'node:crypto';
import { running } from '@shop/chaos/topology/topology.ts';
import { execa } from 'execa';
import pWaitFor from 'p-wait-for';

/** What a stand-in does once it has read a whole request: the client asks for it by the header `x-behaviour`. */
export type Behaviour = 'answer' | 'reset' | 'unavailable';
export type Delivery = { method: string; url: string; headers: Record<string, string> };

/** Runs inside the containers of the stand-ins, so it is text. */
const standIn = `
require('node:http').createServer((request, reply) => {
  request.resume().on('end', () => {
    const { method, url, headers, socket } = request;
    console.log(JSON.stringify({ method, url, headers }));
    if (headers['x-behaviour'] === 'reset') return socket.resetAndDestroy();
    reply.setHeader('x-served-by', require('node:os').hostname());
    reply.writeHead(headers['x-behaviour'] === 'unavailable' ? 503 : 200).end('{}');
  });
}).listen(3000);`;

const docker = async (...args: string[]) => (await execa('docker', args)).stdout;

async function inspected(service: string, format: string): Promise<string> {
  const [container] = await running(service);
  return await docker('inspect', '--format', format, container!.id);
}

export class EdgeAlone {
  readonly #name = `edge-alone-${randomUUID().slice(0, 8)}`;
  readonly #standIns = [1, 2].map((n) => `${this.#name}-api-${n}`);
  /** The edge's address. */
  url = '';

  /** The images are those of the topology under test. @param variant a mechanism of the edge to switch off. */
  async start(variant = ''): Promise<void> {
    const apiImage = await inspected('api', '{{.Config.Image}}');
    const edgeImage = await inspected('edge-1', '{{.Config.Image}}');
    const secrets = await inspected(
      'edge-1',
      '{{range .Mounts}}{{if eq .Destination "/run/secrets"}}{{.Name}}{{end}}{{end}}',
    );
    await docker('network', 'create', this.#name);
    const onNetwork = ['run', '--detach', '--network', this.#name];
    for (const name of this.#standIns) {
      await docker(
        ...onNetwork,
        '--network-alias',
        'api',
        '--name',
        name,
        '--entrypoint',
        'node',
        apiImage,
        '-e',
        standIn,
      );
    }
    const settings = {
      EDGE_ORIGINS: 'http://127.0.0.1:8080,https://127.0.0.1:8443',
      EDGE_REQUESTS_PER_SECOND: '1000',
      EDGE_CONNECTIONS: '100',
      APP_SUBNET: '127.0.0.0/8',
      SHOP_ENVIRONMENT: 'test',
      BROKEN_VARIANT: variant,
    };
    await docker(
      ...onNetwork,
      ...[
        '--name',
        this.#name,
        '--hostname',
        'edge-1',
        '--publish',
        '127.0.0.1::8080',
        '--group-add',
        '7010',
      ],
      ...['--tmpfs', '/run/nginx:uid=101,gid=101', '--volume', `${secrets}:/run/secrets:ro`],
      ...Object.entries(settings).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      edgeImage,
    );
    this.url = `http://${(await docker('port', this.#name, '8080/tcp')).split('\n')[0]}`;
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
    await execa('docker', ['rm', '--force', '--volumes', this.#name, ...this.#standIns], { reject: false });
    await execa('docker', ['network', 'rm', this.#name], { reject: false });
  }

  /** Every request for `path` that has reached a stand-in. */
  async deliveries(path: string): Promise<Delivery[]> {
    const logs = await Promise.all(this.#standIns.map((name) => docker('logs', name)));
    return logs
      .flatMap((log) => log.split('\n').filter(Boolean))
      .map((line): Delivery => JSON.parse(line))
      .filter(({ url }) => url === path);
  }
}
