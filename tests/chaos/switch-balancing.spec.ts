import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { untilReplicasServe } from '@shop/chaos/topology/ready.ts';
import { running } from '@shop/chaos/topology/topology.ts';
import { container } from '@shop/docker/engine-api.ts';
import { execIn } from '@shop/docker/in-container.ts';
import { openLoop } from '@shop/load/open-loop.ts';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges, project } from '@shop/shop-client/topology-under-test.ts';
import { execa } from 'execa';
import pWaitFor from 'p-wait-for';

/** The command that people run, with these words behind it. */
async function balance(...words: string[]): Promise<{ exitCode: number | undefined; said: string }> {
  const command = ['run', 'balance', '--', '--project', project, ...words];
  const { exitCode, all } = await execa('npm', command, { all: true, reject: false });
  return { exitCode, said: all };
}

async function switchTo(method: string): Promise<void> {
  const { exitCode, said } = await balance(method);
  expect(exitCode, said).toBe(0);
}

const restore = () => switchTo('least-connections');
test.afterAll(restore);

/** Until then, the worker that followed the method before still answers on connections that clients have kept. */
async function untilOldWorkerEnds(service: string): Promise<void> {
  const [edge] = await running(service);
  const workers =
    'grep --text --files-with-matches "^nginx: worker" /proc/[0-9]*/cmdline 2>/dev/null | wc -l';
  await pWaitFor(async () => (await execIn(edge!.id, 'bash', '-c', workers)) === '1', {
    interval: 500,
    timeout: 60_000,
  });
}

const perSecond = 30;
/** Enough that a share says something, for three replicas. */
const answersOfAMethod = 90;

/** What the second edge answered, one call after the other at a steady rate: only this test asks that edge. */
class SecondEdge {
  readonly answers: { servedBy: string; status: number; edge: string }[] = [];
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  start(): void {
    const client = new ShopClient(edges[1]);
    const ask = async () => {
      const { servedBy, status, headers } = await client
        .get('/api/whoami')
        .catch((error) => ({ servedBy: '', status: 0, headers: { 'x-edge': String(error) } }));
      this.answers.push({ servedBy, status, edge: String(headers['x-edge']) });
    };
    this.#running = openLoop({ perSecond, begin: ask, signal: this.#stopping.signal });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** How many of the next answers each replica gives, the largest number first. */
  async sharesOfNext(count: number): Promise<number[]> {
    const from = this.answers.length;
    await pWaitFor(() => this.answers.length >= from + count, { interval: 100, timeout: 60_000 });
    const shares = new Map<string, number>();
    for (const { servedBy } of this.answers.slice(from, from + count)) {
      shares.set(servedBy, (shares.get(servedBy) ?? 0) + 1);
    }
    return [...shares.values()].toSorted((a, b) => b - a);
  }
}

test('the method is switched while people shop: no request fails, and the shares are those of each method', async () => {
  const secondEdge = new SecondEdge();
  const shares: Record<string, number[]> = {};
  const { history } = await runScenario({
    name: 'switch-balancing',
    unkeyed: true,
    fault: async (history) => {
      secondEdge.start();
      for (const method of ['round-robin', 'ip-hash', 'random-two', 'least-connections']) {
        history.mark(`balance ${method}`);
        await switchTo(method);
        await untilOldWorkerEnds('edge-2');
        shares[method] = await secondEdge.sharesOfNext(answersOfAMethod);
      }
      await secondEdge.stop();
    },
    undo: () => secondEdge.stop(),
  });

  console.log(`answers by replica: ${JSON.stringify(shares)}`);
  nothingFailed(history);
  expect(secondEdge.answers.filter(({ status }) => status !== 200)).toEqual([]);
  // A request that a replica does not accept in time goes to another, so the shares are not exact on a busy machine.
  expect(shares['round-robin']).toHaveLength(3);
  expect(shares['round-robin']![2]).toBeGreaterThan(answersOfAMethod / 4);
  expect(shares['ip-hash']![0]).toBeGreaterThan(answersOfAMethod * 0.9);
  // Drawn: by chance not even, and none without a share.
  expect(shares['random-two']).toHaveLength(3);
  expect(shares['random-two']![2]).toBeGreaterThan(answersOfAMethod / 10);
  expect(shares['least-connections']).toHaveLength(3);
});

/** One client that keeps its connection, and asks for as long as it may. */
class KeptConnection {
  readonly #socket: Socket;
  #received = '';
  closed = false;

  constructor(origin: string) {
    const { hostname, port } = new URL(origin);
    this.#socket = connect(Number(port), hostname);
    this.#socket.on('data', (chunk) => {
      this.#received += chunk;
    });
    this.#socket.on('close', () => {
      this.closed = true;
    });
  }

  /** What the edge answers; an empty text when it closes without an answer. */
  async ask(): Promise<string> {
    this.#received = '';
    this.#socket.write('GET /api/whoami HTTP/1.1\r\nHost: edge\r\n\r\n');
    const answered = () => /\r\n\r\n.*\}/s.test(this.#received);
    await pWaitFor(() => answered() || this.closed, { interval: 5, timeout: 60_000 });
    return this.#received;
  }
}

/** Shorter than the edge keeps a connection that was used, and long beside an answer: mostly the connection is idle. */
const pauseMs = 1_000;

test('a client that keeps its connection has every answer across a switch, the last with "Connection: close"', async () => {
  const [edge] = await running('edge-1');
  // Thrice, since a request can happen to be in progress at the moment of the reload.
  for (const method of ['round-robin', 'random-two', 'least-connections']) {
    const client = new KeptConnection(edges[0]);
    expect(await client.ask()).toMatch(/^HTTP\/1\.1 200 [\s\S]*connection: keep-alive/i);
    const switched = execIn(edge!.id, 'balance', method);
    let last = '';
    while (!/^connection: close/im.test(last)) {
      await sleep(pauseMs);
      last = await client.ask();
      expect(last, `an answer while the edge changes to ${method}`).toMatch(/^HTTP\/1\.1 200 /);
    }
    await switched;
    await pWaitFor(() => client.closed, { interval: 5, timeout: 60_000 });
  }
});

test('an edge that is restarted keeps its method', async () => {
  await switchTo('random-two');
  const [edge] = await running('edge-2');
  await container(edge!.id).restart();
  await untilReplicasServe(edges[1], 3);
  expect((await balance()).said).toMatch(/^edge-1: random-two\nedge-2: random-two$/m);
  await restore();
});

test('a method that does not exist is refused, and nothing changes', async () => {
  await switchTo('round-robin');
  const { exitCode, said } = await balance('fastest');
  expect(exitCode).toBe(1);
  expect(said).toContain('There is no balancing method "fastest"');
  expect(said).toContain('least-connections, round-robin, ip-hash, random-two');
  expect((await balance()).said).toMatch(/^edge-1: round-robin\nedge-2: round-robin$/m);
  await restore();
});
