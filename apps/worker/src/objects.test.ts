import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openObjects } from './objects.ts';

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

/** A node of the store that announces an object of ten bytes, sends `sent` of them, and then is silent. */
async function nodeThatSends(sent: number) {
  const server: Server = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': 10 });
    response.write('0123456789'.slice(0, sent));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const keys = { accessKeyId: 'key', secretAccessKey: 'secret' };
  const objects = openObjects({ endpoint: `http://127.0.0.1:${port}`, ...keys });
  opened.push(
    () => objects.close(),
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return objects;
}

test('a read takes the whole object', async () => {
  const objects = await nodeThatSends(10);
  expect(String(await objects.read('uploads', 'picture', 100))).toBe('0123456789');
});

test('a read gives up a node that falls silent in the middle of the object', async () => {
  const objects = await nodeThatSends(5);
  await expect(objects.read('uploads', 'picture', 100)).rejects.toThrow(/inactivity/);
});
