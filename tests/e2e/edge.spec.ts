/**
 * What the edges do themselves: identify every answer, refuse what is malformed in the API's own form, serve files with
 * strict headers, and pass no request on to what is not public. Everything by bytes on a socket where a client library
 * would tidy the request up.
 */
import { connect as connectHttp2 } from 'node:http2';
import { connect as connectTls } from 'node:tls';
import { expect, test } from '@playwright/test';
import { type ProblemCode, problemCodes, problems } from '../../packages/contracts/src/problems.ts';
import { edges, get, hostOf, type RawReply, send } from './edge-client.ts';

const [edge1, edge2] = edges;
const names = ['edge-1', 'edge-2'];
const long = (length: number) => 'a'.repeat(length);

function expectProblem(reply: RawReply, code: ProblemCode) {
  const { status, title } = problems[code];
  expect(reply.status).toBe(status);
  expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/);
  const { requestId, ...problem } = JSON.parse(reply.body);
  expect(problem).toMatchObject({ type: `/errors/${code}`, title, status, code });
  expect(requestId).toBe(reply.headers['x-request-id']);
  expect(requestId).toMatch(/^[A-Za-z0-9._-]{8,64}$/);
  expect(reply.headers['x-served-by']).not.toBe('');
}

for (const [index, { http }] of edges.entries()) {
  test(`${names[index]} names itself or the replica on every answer`, async () => {
    for (const path of ['/', '/errors/not-found', '/robots.txt', '/nothing', '/metrics', '/media/nothing']) {
      const { headers } = await get(http, path);
      expect(headers['x-request-id'], path).toMatch(/^[A-Za-z0-9._-]{8,64}$/);
      expect(headers['x-served-by'], path).toBe(names[index]);
    }
    for (const path of ['/api/whoami', '/api/nothing', '/livez', '/readyz', '/api/products']) {
      const { headers } = await get(http, path);
      expect(headers['x-request-id'], path).toMatch(/^[A-Za-z0-9._-]{8,64}$/);
      expect(headers['x-served-by'], path).toMatch(/./);
      expect(names, path).not.toContain(headers['x-served-by']);
    }
  });

  test(`${names[index]} tells the API its name, whatever the client claims`, async () => {
    const reply = await get(http, '/api/whoami', { 'x-edge': 'edge-9' });
    expect(JSON.parse(reply.body).edge).toBe(names[index]);
    expect(reply.headers['x-cache']).toBeUndefined();
  });
}

test('a usable x-request-id is kept, any other replaced', async () => {
  for (const id of ['12345678', 'A.b_c-12', long(64)]) {
    expect((await get(edge1.http, '/api/whoami', { 'x-request-id': id })).headers['x-request-id']).toBe(id);
    expect((await get(edge1.http, '/nothing', { 'x-request-id': id })).headers['x-request-id']).toBe(id);
  }
  for (const id of ['1234567', long(65), '12345678;', 'äääääääää']) {
    expect((await get(edge1.http, '/nothing', { 'x-request-id': id })).headers['x-request-id']).toMatch(
      /^[0-9a-f]{32}$/,
    );
  }
});

const host = `Host: ${hostOf(edge1.http)}`;
const post = (path: string, ...headers: string[]) => [`POST ${path} HTTP/1.1`, host, ...headers];
const refusals: [what: string, head: string[], code: ProblemCode, body?: string][] = [
  [
    'a control character in the key',
    post('/api/orders', 'Idempotency-Key: a\x01b'),
    'idempotency-key-invalid',
  ],
  ['a control character in a known header', post('/api/orders', 'User-Agent: a\x07b'), 'invalid-header'],
  ['a control character in an unknown header', post('/api/orders', 'X-Unknown: a\x07b'), 'invalid-header'],
  ['NUL in a header', ['GET /api/whoami HTTP/1.1', host, 'X-Unknown: a\0b'], 'invalid-header'],
  ['a space in a header name', ['GET / HTTP/1.1', host, 'X Unknown: a'], 'invalid-header'],
  ['a header line of 9 KB', ['GET / HTTP/1.1', host, `X-Unknown: ${long(9000)}`], 'invalid-header'],
  [
    'headers of 20 KB',
    ['GET / HTTP/1.1', host, `A: ${long(7000)}`, `B: ${long(7000)}`, `C: ${long(7000)}`],
    'invalid-header',
  ],
  ['no host', ['GET / HTTP/1.1'], 'invalid-header'],
  ['two hosts', ['GET / HTTP/1.1', host, 'Host: example.org'], 'invalid-header'],
  ['an unknown transfer coding', post('/api/orders', 'Transfer-Encoding: zip'), 'invalid-header'],
  [
    'two lengths of the body',
    post('/api/orders', 'Transfer-Encoding: chunked', 'Content-Length: 2'),
    'invalid-header',
  ],
  ['an unknown version of HTTP', ['GET / HTTP/3.1', host], 'invalid-header'],
  ['NUL in the path', ['GET /api/products/%00 HTTP/1.1', host], 'not-found'],
  ['a broken escape in the path', ['GET /api/products/%zz HTTP/1.1', host], 'not-found'],
  ['a path that is not UTF-8', ['GET /api/products/%ff HTTP/1.1', host], 'not-found'],
  ['an id of 201 characters', [`GET /api/products/${long(201)} HTTP/1.1`, host], 'not-found'],
  ['a path out of the root', ['GET /../etc/passwd HTTP/1.1', host], 'not-found'],
  ['a path of 9 KB', [`GET /api/products/${long(9000)} HTTP/1.1`, host], 'not-found'],
  ['a query of 9 KB', [`GET /api/products?q=${long(9000)} HTTP/1.1`, host], 'validation-failed'],
  ['a body over 64 KiB', post('/api/orders', 'Content-Length: 65537'), 'body-too-large', long(65_537)],
  [
    'a chunked body over 64 KiB',
    post('/api/orders', 'Transfer-Encoding: chunked'),
    'body-too-large',
    `10001\r\n${long(65_537)}\r\n0\r\n\r\n`,
  ],
  [
    'an upload over 5 MiB',
    ['PUT /uploads/nothing HTTP/1.1', host, 'Content-Length: 5242881'],
    'upload-too-large',
  ],
  [
    'an upload without a signature',
    ['PUT /uploads/nothing HTTP/1.1', host, 'Content-Length: 1'],
    'invalid-header',
    'a',
  ],
  ['metrics', ['GET /metrics HTTP/1.1', host], 'not-found'],
  ['the status page', ['GET /status HTTP/1.1', host], 'not-found'],
  ['an internal address', ['GET /_problem/not-found HTTP/1.1', host], 'not-found'],
  ['the check of the admin', ['GET /_admin-session HTTP/1.1', host], 'not-found'],
  ['a picture that is not there', ['GET /media/nothing HTTP/1.1', host], 'not-found'],
  ['a guest at the mails', ['GET /mail/ HTTP/1.1', host], 'not-authenticated'],
  ['a guest at the metrics', ['GET /prometheus/graph HTTP/1.1', host], 'not-authenticated'],
];
for (const [what, head, code, body] of refusals) {
  test(`${what} is refused: ${code}`, async () => {
    expectProblem(await send(edge1.http, head, body), code);
  });
}

const methods: [request: string, allow: string][] = [
  ['POST /', 'GET, HEAD'],
  ['DELETE /errors/not-found', 'GET, HEAD'],
  ['PUT /media/a', 'GET, HEAD'],
  ['GET /uploads/a', 'PUT, OPTIONS'],
  ['QUERY /livez', 'GET, HEAD'],
  ['POST /readyz', 'GET, HEAD'],
  ['TRACE /api/whoami', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'],
  ['FOO /api/whoami', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'],
];
for (const [request, allow] of methods) {
  test(`${request} is refused, and says what is allowed`, async () => {
    const reply = await send(edge1.http, [`${request} HTTP/1.1`, host, 'Content-Length: 0']);
    expectProblem(reply, 'method-not-allowed');
    expect(reply.headers.allow).toBe(allow);
  });
}

test('a body of exactly 64 KiB passes', async () => {
  const reply = await send(
    edge1.http,
    post('/api/orders', 'Content-Length: 65536', 'Content-Type: application/json'),
    long(65_536),
  );
  expect(reply.status).not.toBe(413);
  expect(names).not.toContain(reply.headers['x-served-by']);
});

test('every problem code has a page, and there is no other error page', async () => {
  const index = await get(edge1.http, '/errors/');
  for (const code of problemCodes) {
    const page = await get(edge1.http, `/errors/${code}`);
    expect(page.status, code).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.body).toContain(`<h1>${problems[code].title}</h1>`);
    expect(index.body).toContain(`href="/errors/${code}"`);
  }
  expectProblem(await get(edge1.http, '/errors/nothing'), 'not-found');
});

test('a person gets a page where a program gets a problem', async () => {
  const lost = await get(edge1.http, '/nothing', { accept: 'text/html,*/*;q=0.8' });
  expect([lost.status, lost.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
  const guest = await get(edge1.http, '/mail/', { accept: 'text/html,*/*;q=0.8' });
  expect([guest.status, guest.headers['content-type']]).toEqual([401, 'text/html; charset=utf-8']);
});

test('pages come with strict headers, and both edges send the same', async () => {
  const { status, headers, body } = await get(edge1.http, '/');
  expect(status).toBe(200);
  // Scripts come by address, never inline.
  expect(body).not.toMatch(/<script(?![^>]* src=)|<style|style="|onload=/);
  const policy = headers['content-security-policy'];
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
  expect(policy).toMatch(new RegExp(`connect-src 'self' [^;]*${edge2.http}`));
  expect(policy).toMatch(new RegExp(`img-src 'self' [^;]*${edge2.http}`));
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-site',
    'cache-control': 'no-cache',
    server: 'nginx',
  });
  expect(headers['strict-transport-security']).toBeUndefined();
  expect((await get(edge2.http, '/')).headers.etag).toBe(headers.etag);
  const unchanged = await get(edge2.http, '/', { 'if-none-match': headers.etag! });
  expect(unchanged.status).toBe(304);
  // What a 304 says takes the place of what the browser has kept.
  expect(unchanged.headers['content-security-policy']).toBeUndefined();
  expect(
    (await get(edge1.http, '/site.css', { 'accept-encoding': 'gzip' })).headers['content-encoding'],
  ).toBe('gzip');
});

test('the edges trust each other’s pages within a scheme, and no other origin', async () => {
  const cors = async (base: string, path: string, origin: string) =>
    (await get(base, path, { origin })).headers['access-control-allow-origin'];
  expect(await cors(edge1.http, '/mail/', edge2.http)).toBe(edge2.http);
  expect(await cors(edge1.http, '/mail/', edge2.https)).toBeUndefined();
  expect(await cors(edge1.http, '/mail/', 'http://example.org')).toBeUndefined();
  const preflight = [
    'OPTIONS /uploads/a HTTP/1.1',
    host,
    `Origin: ${edge2.http}`,
    'Access-Control-Request-Method: PUT',
  ];
  const reply = await send(edge1.http, preflight);
  expect(reply.status).toBe(204);
  expect(reply.headers).toMatchObject({
    'access-control-allow-origin': edge2.http,
    'access-control-allow-methods': 'PUT',
    'access-control-allow-headers': 'Content-Type, X-Second-Place',
  });
});

test('TLS from 1.2, with HTTP/2, and no plain HTTP on its port', async () => {
  const { hostname, port } = new URL(edge1.https);
  const options = { host: hostname, port: Number(port), rejectUnauthorized: false };
  const session = connectHttp2(edge1.https, options);
  const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
    session.on('error', reject);
    session.request({ ':path': '/api/whoami' }).on('response', resolve).resume();
  });
  session.close();
  expect(headers[':status']).toBe(200);
  expect(headers['x-served-by']).toMatch(/./);

  const oldVersion = new Promise((resolve, reject) => {
    const socket = connectTls({
      ...options,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'ALL:@SECLEVEL=0',
    });
    socket.on('secureConnect', () => resolve(socket.getProtocol())).on('error', reject);
  });
  await expect(oldVersion).rejects.toThrow(/alert|protocol version|unsupported|EPROTO/);

  expectProblem(
    await send(edge1.https.replace('https:', 'http:'), ['GET / HTTP/1.1', host]),
    'invalid-header',
  );
});
