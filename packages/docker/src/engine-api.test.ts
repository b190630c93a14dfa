import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listContainers, remove, removeVolume, start, stop } from './engine-api.ts';

const asked: string[] = [];
const listed = ['shop-api-2', 'shop-api-1'].map((name) => ({
  Id: `id of ${name}`,
  Names: [`/${name}`],
  Labels: { 'com.docker.compose.service': 'api' },
  State: 'running',
}));

/** Answers what the engine answers about a container `there`, which runs, and about others, which do not exist. */
const server = createServer((request, response) => {
  const [, , name] = request.url!.split(/[/?]/);
  asked.push(`${request.method} ${request.url}`);
  if (name === 'json') response.end(JSON.stringify(listed));
  else if (name === 'there') response.writeHead(304).end();
  else response.writeHead(404).end(JSON.stringify({ message: `No such container: ${name}` }));
});

const socket = `${await mkdtemp(join(tmpdir(), 'engine-'))}/socket`;
// Read at the first call.
process.env.DOCKER_HOST = `unix://${socket}`;

beforeAll(() => new Promise<void>((resolve) => void server.listen(socket, resolve)));
afterAll(() => void server.close());

test('a start of what runs and a removal of what is gone succeed; a stop leaves its time to the container', async () => {
  asked.length = 0;
  await start('there');
  await stop('there');
  await remove('gone');
  await removeVolume('gone');
  expect(asked).toEqual([
    'POST /containers/there/start',
    'POST /containers/there/stop',
    'DELETE /containers/gone?force=true&v=true',
    'DELETE /volumes/gone',
  ]);
});

test('a failure names the call, what the engine said, and what to do', async () => {
  const failure = await stop('gone').catch((error) => error);
  expect(failure).toMatchObject({
    statusCode: 404,
    message: 'The container engine refuses POST /containers/gone/stop (404): No such container: gone',
    hint: 'run the command again, it goes on from here',
  });
});

test('the containers of a service are its own, without those of `docker compose run`, by name', async () => {
  const containers = await listContainers('shop', 'api');
  expect(containers.map(({ name }) => name)).toEqual(['shop-api-1', 'shop-api-2']);
  expect(containers[0]).toMatchObject({ id: 'id of shop-api-1', service: 'api', state: 'running' });
  const { searchParams } = new URL(asked.at(-1)!.slice('GET '.length), 'http://engine');
  expect(JSON.parse(searchParams.get('filters')!).label.toSorted()).toEqual([
    'com.docker.compose.oneoff=False',
    'com.docker.compose.project=shop',
    'com.docker.compose.service=api',
  ]);
});
