import fastify from 'fastify';
import { expect, test } from 'vitest';
import { registerDocuments } from './documents.ts';

const app = fastify();
registerDocuments(app, async () => '<title><!--title--></title><main><!--document--></main>');

test('a document of the repository is a page at its own path', async () => {
  const { statusCode, headers, body } = await app.inject('/docs/runbooks/tier-down.md');
  expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(body).toContain('<title>docs/runbooks/tier-down.md</title><main><h1>TierDown</h1>');
  expect(body).toContain('<a href="../break-it.md">');
});

test.each([
  '/docs/runbooks/nothing.md',
  '/docs/runbooks',
  '/docs/../package.json',
  '/docs/%2e%2e/package.json',
  '/docs/..%2fREADME.md',
  '/docs/screenshots/home-light.webp',
])('%s is no document', async (url) => {
  expect((await app.inject(url)).statusCode).toBe(404);
});
