/** What the edge passes on to the object storage, which trusts whatever is signed: seen from the storage's side. */
import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { EdgeAlone } from './edge-alone.ts';
import { send } from './edge-client.ts';

const edge = new EdgeAlone();
test.describe.configure({ mode: 'serial' });
test.beforeAll(() => edge.start());
test.afterAll(() => edge.stop());

const put = (path: string, ...headers: string[]) =>
  send(edge.url, [`PUT ${path} HTTP/1.1`, 'Host: edge', 'Content-Length: 2', ...headers], '{}');
const claims = [
  'Authorization: Bearer mine',
  'Cookie: sid=mine',
  // Would make a copy of another object of the upload.
  'X-Amz-Copy-Source: /media/picture',
  'X-Amz-Acl: public-read',
  'X-Forwarded-For: 198.51.100.7',
];

test('the storage receives the headers of an upload that are signed, and no other of the client', async () => {
  const path = `/uploads/uploads/${randomUUID()}/ab?X-Amz-Signature=cd`;
  expect((await put(path, 'Content-Type: image/png', ...claims)).status).toBe(200);
  const [delivery] = await edge.deliveries(path);
  expect(delivery?.headers).toEqual({
    host: 's3.internal',
    'content-type': 'image/png',
    'content-length': '2',
  });
});

test('a picture is asked for without headers and parameters, which the storage would obey', async () => {
  const path = `/media/${randomUUID()}`;
  const asked = `GET ${path}?response-content-type=text/html HTTP/1.1`;
  expect((await send(edge.url, [asked, 'Host: edge', ...claims])).status).toBe(200);
  const [delivery] = await edge.deliveries(path);
  expect([delivery?.url, delivery?.headers]).toEqual([path, { host: 's3.internal' }]);
});

test('a picture that one node does not know is asked for at another', async () => {
  for (const status of [403, 404]) {
    const part = `/media/written-meanwhile-${status}-${randomUUID()}`;
    const calls = Array.from({ length: 16 }, (_, index) => `GET ${part}-${index} HTTP/1.1`);
    for (const call of calls) expect((await send(edge.url, [call, 'Host: edge'])).status).toBe(200);
    // Some were asked of the node first that does not know them.
    expect((await edge.deliveries(part, calls.length + 1)).length).toBeGreaterThan(calls.length);
  }
});

test('an upload that fails is sent to the second key that came with it, and to no other address', async () => {
  const sentTo = async (id: string, secondPlace: string) => {
    const first = `/uploads/uploads/${id}/ab?behaviour=unavailable`;
    const { status } = await put(first, `X-Second-Place: ${secondPlace}`);
    const places = new Set((await edge.deliveries(id)).map(({ url }) => url));
    return { status, places: [...places], first };
  };
  const id = randomUUID();
  const second = `/uploads/uploads/${id}/ab-again?behaviour=answer`;
  const sent = await sentTo(id, second);
  expect([sent.status, sent.places.sort()]).toEqual([200, [second, sent.first].sort()]);

  for (const place of [
    '/media/ID?a=b',
    '/uploads/uploads/ID/ab?a=b',
    '/uploads/../media/ID-again?a=b',
    '@host/ID',
  ]) {
    const other = randomUUID();
    const refused = await sentTo(other, place.replace('ID', other));
    expect([place, refused.status, refused.places]).toEqual([place, 503, [refused.first]]);
  }
});
