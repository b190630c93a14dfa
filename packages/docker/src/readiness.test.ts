import { mkdtemp } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { untilReady } from './readiness.ts';
import { testTopology } from './topology.ts';

/** What the program in the container answers at `/readyz`, one after the other; the last one again and again. */
let answers: string[];
let asked: string[];

const reply = (response: ServerResponse, content: unknown) =>
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(content));

/** Answers what the engine answers about a container that is healthy. */
const engine = createServer(async (request, response) => {
  if (request.url === '/exec/1/json') reply(response, { ExitCode: 0 });
  else if (request.url!.endsWith('/exec')) {
    const { Cmd } = (await json(request)) as { Cmd: string[] };
    asked.push(Cmd.at(-1)!);
    reply(response, { Id: '1' });
  } else reply(response, { State: { Status: 'running', Health: { Status: 'healthy' } }, RestartCount: 0 });
});
engine.on('upgrade', (_request, connection) => {
  connection.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
  const answer = Buffer.from((answers.length > 1 ? answers.shift() : answers[0])!);
  // The engine's head of a piece of output.
  const head = Buffer.from([1, 0, 0, 0, 0, 0, 0, answer.length]);
  connection.resume().on('error', () => {});
  connection.on('end', () => connection.end(Buffer.concat([head, answer])));
});

const socket = `${await mkdtemp(join(tmpdir(), 'engine-'))}/socket`;
// Read at the first call.
process.env.DOCKER_HOST = `unix://${socket}`;

beforeAll(() => new Promise<void>((resolve) => void engine.listen(socket, resolve)));
afterAll(() => void engine.close());
beforeEach(() => {
  asked = [];
});

const ready = (service: string, readyTimeoutMs: number) => {
  const replica = { id: 'abc', name: `shop-${service}-3`, image: '', configHash: '' };
  const options = { readyTimeoutMs, signal: new AbortController().signal };
  return untilReady(testTopology(), service, replica, options);
};
const [sound, cutOff] = ['{"status":"ok"}', '{"status":"unavailable"}'];

test.each(['worker', 'payments'])(
  'a healthy %s that does not reach its stores is not ready',
  async (service) => {
    answers = [cutOff];
    const message = `shop-${service}-3 is not ready after 1.5 s`;
    await expect(ready(service, 1_500)).rejects.toThrow(message);
    expect(asked).toContain('/readyz');
  },
);

test('a worker is ready as soon as it reaches its stores', async () => {
  answers = ['', cutOff, sound];
  await ready('worker', 10_000);
  expect(asked).toEqual(['/readyz', '/readyz', '/readyz']);
});

test('a service without /readyz is ready when it is healthy', async () => {
  await ready('fencer', 10_000);
  expect(asked).toEqual([]);
});
