import { Agent, type IncomingMessage, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { Bench } from '@shop/lab/bench.ts';
import { loadColumns, loadFigures } from '@shop/lab/columns.ts';
import { defineLab, type Figures, type Run } from '@shop/lab/lab.ts';
import { getting, type LoadResult } from '@shop/lab/load.ts';
import { proxyOrigins } from '@shop/lab/topology.ts';

const path = '/api/whoami';
const limit = 10;
/** A client gives up after this long without an answer. At layer 7 the balancer tries another box after one second. */
const patienceMs = 6000;

/** A client that keeps one connection or, without `keepAlive`, opens one for each request. */
class Client {
  readonly #agent: Agent;
  readonly #origin: string;

  constructor(origin: string, keepAlive: boolean) {
    this.#origin = origin;
    this.#agent = new Agent({ keepAlive, maxSockets: 1 });
  }

  /** @returns the status, 0 for no answer at all, and the box that answered. */
  async get(path: string, headers: Record<string, string> = {}): Promise<{ status: number; box: string }> {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const signal = AbortSignal.timeout(patienceMs);
      request(`${this.#origin}${path}`, { agent: this.#agent, headers, signal }, resolve)
        .on('error', reject)
        .end();
    }).catch(() => undefined);
    if (!answer) return { status: 0, box: '' };
    for await (const _ of answer);
    return { status: answer.statusCode ?? 0, box: String(answer.headers['x-served-by'] ?? '') };
  }

  close(): void {
    this.#agent.destroy();
  }
}

async function measure(bench: Bench, layer: 4 | 7, keepAlive: boolean): Promise<Figures> {
  const [victim = ''] = await bench.boxes({ count: 3, warmUp: path });
  const origin = proxyOrigins[layer];
  // The proxy asks Docker's DNS each second.
  await setTimeout(2500, undefined, { signal: bench.signal });
  const clients = Array.from({ length: 12 }, () => new Client(origin, keepAlive));
  try {
    const [first] = clients;
    if (!first) throw new Error('there is no client');
    const answers = [];
    for (let call = 0; call < 12; call += 1) answers.push(await first.get(path));
    const boxes = new Set(answers.filter(({ status }) => status === 200).map(({ box }) => box)).size;

    const greedy = [];
    for (let call = 0; call < 40; call += 1) greedy.push(await first.get(path, { 'x-customer': 'greedy' }));
    const passed = greedy.filter(({ status }) => status === 200).length;
    const { status } = await first.get('/api/admin/orders');

    let result: LoadResult | undefined;
    bench.report(`16 clients for ${bench.seconds} s`);
    const send = getting(
      origin,
      path,
      (): Record<string, string> => (keepAlive ? {} : { connection: 'close' }),
    );
    const cpuMs = await bench.cpuMs(['layers'], async () => {
      result = await bench.load(send, { clients: 16, seconds: bench.seconds });
    });
    if (!result) throw new Error('the load gave no result');

    // Each client has sent a request before a box hangs, so it has a connection.
    for (const client of clients) await client.get(path);
    bench.report('one box hangs');
    const after = await bench.struck(
      victim,
      'pause',
      async () => await Promise.all(clients.map((client) => client.get(path))),
    );
    const broken = after.filter((answer) => answer.status !== 200).length;
    return {
      ...loadFigures(result),
      cpuMs: cpuMs / result.total,
      boxes,
      passed,
      denied: status === 403 ? 1 : 0,
      broken,
    };
  } finally {
    for (const client of clients) client.close();
  }
}

const run = (name: string, layer: 4 | 7, keepAlive = true): Run => ({
  name,
  measure: (bench) => measure(bench, layer, keepAlive),
});
const four = 'layer 4';
const seven = 'layer 7';
const fourAnew = 'layer 4, a connection each';

export default defineLab({
  title: 'Layer 4 and layer 7',
  question: 'What does a balancer that reads requests cost, and what can one that does not read them not do?',
  hypothesis:
    'At layer 4 a balancer hands on bytes: it decides once for each connection, and sees neither path nor customer nor that an answer is missing. At layer 7 it decides for each request. Reading one costs little beside what a connection costs.',
  extras: ['layers'],
  columns: {
    ...loadColumns,
    cpuMs: { title: 'balancer, a request', unit: 'CPU-ms', digits: 3 },
    boxes: { title: 'boxes that one client reached' },
    passed: { title: `calls that a limit of ${limit} lets pass` },
    denied: { title: 'closed path denied (1 is yes)' },
    broken: { title: 'of 12 clients, failed when a box hung' },
  },
  runs: [run(four, 4), run(seven, 7), { ...run(fourAnew, 4, false), control: true }],
  claims: [
    {
      says: 'processor time of the balancer a request: layer 7 ÷ layer 4',
      of: ({ of }) => of(seven, 'cpuMs') / of(four, 'cpuMs'),
      atMost: 2.5,
    },
    {
      says: 'processor time of the balancer a request at layer 4: a connection each ÷ kept',
      of: ({ of }) => of(fourAnew, 'cpuMs') / of(four, 'cpuMs'),
      atLeast: 1.5,
    },
    {
      says: 'boxes that a client reaches over one connection: at layer 7, less those at layer 4',
      of: ({ of }) => of(seven, 'boxes') - of(four, 'boxes'),
      atLeast: 2,
    },
    {
      says: 'calls of one customer that pass: at layer 4, less those at layer 7',
      of: ({ of }) => of(four, 'passed') - of(seven, 'passed'),
      atLeast: 25,
    },
    {
      says: 'closed paths denied: at layer 7, less those at layer 4',
      of: ({ of }) => of(seven, 'denied') - of(four, 'denied'),
      atLeast: 1,
    },
    {
      says: 'clients with an open connection that fail when a box hangs, at layer 4',
      of: ({ of }) => of(four, 'broken'),
      atLeast: 2,
    },
    {
      says: 'clients with an open connection that fail when a box hangs, at layer 7',
      of: ({ of }) => of(seven, 'broken'),
      atMost: 0,
    },
    {
      says: 'boxes that a client reaches at layer 4 with a connection for each request',
      of: ({ of }) => of(fourAnew, 'boxes'),
      atLeast: 3,
      control: true,
    },
    {
      says: 'failed requests while no box hangs',
      of: ({ of }) => of(four, 'failed') + of(seven, 'failed') + of(fourAnew, 'failed'),
      atMost: 0,
      control: true,
    },
  ],
  plot: 'cpuMs',
  meaning: ({ of }) =>
    `A request cost the balancer ${of(seven, 'cpuMs').toFixed(3)} CPU-ms at layer 7 and ${of(four, 'cpuMs').toFixed(3)} at layer 4, and ${of(fourAnew, 'cpuMs').toFixed(3)} where each came over a connection of its own: making connections is what costs, not reading requests. At layer 7 a client reached ${of(seven, 'boxes').toFixed(0)} boxes over one connection, a customer’s limit held and no client noticed that a box hung, where ${of(four, 'broken').toFixed(0)} of 12 did at layer 4. The shop’s edge works at layer 7 for HTTP, and HAProxy at layer 4 in front of Postgres, whose protocol it need not understand.`,
  code: ['infra/edge/nginx/api.conf', 'infra/edge/nginx/upstreams.conf', 'infra/haproxy/haproxy.cfg'],
  tryNext: [
    '`balance leastconn` in haproxy.cfg: at layer 4 it counts connections, and a busy one counts as much as an idle one',
    '`retry-on none` in haproxy.cfg: layer 7 decides for each request, and yet clients notice that a box hangs',
  ],
});
