import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { outbox } from '@shop/database/schema/outbox.ts';
import { uploads } from '@shop/database/schema/uploads.ts';
import { eventually } from '@shop/testing/eventually.ts';
import { eq, sql } from 'drizzle-orm';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, buildTestApp } from '../../testing/app.ts';
import { TestClient } from '../../testing/client.ts';
import { signUp, signUpAdmin } from '../../testing/factories.ts';
import { loadConfig } from '../config.ts';
import { ObjectStore } from './object-store.ts';

let app: App;
const objects = new ObjectStore(loadConfig().objects);
let owner: TestClient;
beforeAll(async () => {
  app = await buildTestApp();
  owner = (await signUp(app)).client;
});
afterAll(async () => {
  objects.close();
  await app.close();
});

const bytes = randomBytes(2_000);
const body = { filename: 'teapot.png', contentType: 'image/png', sizeBytes: bytes.length, purpose: 'review' };

type Target = { uploadId: string; url: string; method: 'PUT'; headers: Record<string, string> };
const ask = async (change: object = {}, client = owner): Promise<Target> =>
  (await client.post('/api/uploads', { ...body, ...change })).json();

const sha256Of = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
const signed = /^\/uploads\/.+X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost/;

/** The key that a URL was signed for. */
const keyOf = ({ url }: Target) => url.slice('/uploads/'.length).split('?')[0]!;

const second = ({ headers }: Target) => headers['x-second-place']!;

/** As the edge passes it on: only what is signed. */
async function put(url: string, sent: Buffer, headers: Record<string, string>): Promise<number> {
  const answer = await request(`${process.env.S3_ENDPOINT}${url}`, {
    method: 'PUT',
    headers: { 'content-type': headers['content-type'], host: 's3.internal' },
    body: sent,
  });
  await answer.body.dump();
  return answer.statusCode;
}

async function uploaded(client = owner): Promise<Target> {
  const target = await ask({}, client);
  expect(await put(target.url, bytes, target.headers)).toBe(200);
  return target;
}

const change = (id: string, values: Partial<typeof uploads.$inferInsert>) =>
  app.db.primary.transaction((tx) => tx.update(uploads).set(values).where(eq(uploads.id, id)));

async function eventsOf(uploadId: string) {
  const ofUpload = sql`${outbox.payload}->>'uploadId' = ${uploadId}`;
  const read = await app.db.primary.transaction((tx) => tx.select().from(outbox).where(ofUpload));
  return read.value;
}

describe('POST /api/uploads', () => {
  it('answers 201 with a root-relative URL for 15 minutes, and the same again for its key', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const response = await owner.post('/api/uploads', body, headers);
    expect(response.statusCode).toBe(201);
    const target = response.json();
    expect(target).toEqual({
      uploadId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      url: expect.stringMatching(signed),
      method: 'PUT',
      headers: { 'content-type': 'image/png', 'x-second-place': expect.stringMatching(signed) },
      expiresAt: expect.stringMatching(/Z$/),
    });
    const minutes = (Date.parse(target.expiresAt) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(14);
    expect(minutes).toBeLessThanOrEqual(15);
    const again = await owner.post('/api/uploads', body, headers);
    expect([again.body, again.headers['idempotency-replayed']]).toEqual([response.body, 'true']);
  });

  it('accepts only the length and the type that were declared', async () => {
    const { url, headers } = await ask();
    expect(await put(url, bytes.subarray(1), headers)).toBe(403);
    expect(await put(url, Buffer.concat([bytes, bytes.subarray(0, 1)]), headers)).toBe(403);
    expect(await put(url, bytes, { 'content-type': 'text/html' })).toBe(403);
    expect(await put(url.replace('X-Amz-Signature=', 'X-Amz-Signature=0'), bytes, headers)).toBe(403);
    expect(await put(url, bytes, headers)).toBe(200);
  });

  it('answers 401 to guests', async () => {
    const response = await new TestClient(app).post('/api/uploads', body);
    expect(response.json()).toMatchObject({ status: 401, code: 'not-authenticated' });
  });

  it('lets only admins upload pictures of products', async () => {
    const response = await owner.post('/api/uploads', { ...body, purpose: 'product' });
    expect(response.json()).toMatchObject({ status: 403, code: 'not-admin' });
    const { client } = await signUpAdmin(app);
    expect((await client.post('/api/uploads', { ...body, purpose: 'product' })).statusCode).toBe(201);
  });

  it('answers 415 for another type and 413 for more than 5 MiB', async () => {
    const gif = await owner.post('/api/uploads', { ...body, contentType: 'image/gif' });
    expect(gif.json()).toMatchObject({
      status: 415,
      code: 'unsupported-media-type',
      errors: [{ path: '/body/contentType' }],
    });
    const large = await owner.post('/api/uploads', { ...body, sizeBytes: 5_242_881 });
    expect(large.json()).toMatchObject({ status: 413, code: 'upload-too-large' });
    expect((await owner.post('/api/uploads', { ...body, sizeBytes: 5_242_880 })).statusCode).toBe(201);
  });

  it.each([
    ['a path', { filename: '../../etc/passwd' }, '/body/filename'],
    ['a path of Windows', { filename: 'C:\\secret.png' }, '/body/filename'],
    ['the folder above', { filename: '..' }, '/body/filename'],
    ['a line break', { filename: 'a\nb.png' }, '/body/filename'],
    ['a NUL', { filename: 'a\u0000.png' }, '/body/filename'],
    ['a name of 256', { filename: 'x'.repeat(256) }, '/body/filename'],
    ['no name', { filename: '' }, '/body/filename'],
    ['no bytes', { sizeBytes: 0 }, '/body/sizeBytes'],
    ['half a byte', { sizeBytes: 1.5 }, '/body/sizeBytes'],
    ['another purpose', { purpose: 'fun' }, '/body/purpose'],
    ['an unknown field', { key: 'originals/x' }, '/body/key'],
  ])('refuses %s and names it', async (_case, changed, path) => {
    const response = await owner.post('/api/uploads', { ...body, ...changed });
    expect(response.json()).toMatchObject({ status: 422, code: 'validation-failed', errors: [{ path }] });
  });
});

describe('POST /api/uploads/:id/complete', () => {
  it('answers 202, again and again, and asks for the picture to be processed once', async () => {
    const { uploadId } = await uploaded();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => owner.post(`/api/uploads/${uploadId}/complete`)),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(5).fill(202));
    // A worker may be at work beside this test: the later ones of these answers may show its verdict.
    expect(answers.map((answer) => answer.json())).toContainEqual({
      id: uploadId,
      status: 'processing',
      purpose: 'review',
      contentType: 'image/png',
      sizeBytes: bytes.length,
      sha256: null,
      urls: null,
      reason: null,
      createdAt: expect.stringMatching(/Z$/),
    });
    expect((await owner.post(`/api/uploads/${uploadId}/complete`)).statusCode).toBe(202);
    expect(await eventsOf(uploadId)).toHaveLength(1);
  });

  it('keeps the bytes as they were: a later PUT to the URL changes nothing', async () => {
    const target = await uploaded();
    await owner.post(`/api/uploads/${target.uploadId}/complete`);
    expect(await put(target.url, randomBytes(bytes.length), target.headers)).toBe(200);
    const [event] = await eventsOf(target.uploadId);
    const { key } = event!.payload as { key: string };
    expect(key).not.toBe(keyOf(target));
    const copy = await objects.read(key, AbortSignal.timeout(5_000)).catch(() => null);
    if (copy) expect(sha256Of(copy)).toBe(sha256Of(bytes));
    // A worker was here: it has read the copy, kept its hash and removed it.
    else {
      await eventually(10_000, async () => {
        const upload = (await owner.get(`/api/uploads/${target.uploadId}`)).json();
        expect(upload.sha256).toBe(sha256Of(bytes));
      });
    }
  });

  it('answers 409 upload-missing until the bytes were sent, and then accepts them', async () => {
    const { uploadId, url, headers } = await ask();
    const early = await owner.post(`/api/uploads/${uploadId}/complete`);
    expect(early.json()).toMatchObject({ status: 409, code: 'upload-missing' });
    await put(url, bytes, headers);
    expect((await owner.post(`/api/uploads/${uploadId}/complete`)).statusCode).toBe(202);
  });

  it('accepts bytes from the second key, and from either key if both have them', async () => {
    const once = await ask();
    expect(second(once)).not.toBe(once.url);
    expect(await put(second(once), bytes, once.headers)).toBe(200);
    expect((await owner.post(`/api/uploads/${once.uploadId}/complete`)).statusCode).toBe(202);
    expect(await eventsOf(once.uploadId)).toHaveLength(1);

    const twice = await uploaded();
    expect(await put(second(twice), bytes, twice.headers)).toBe(200);
    expect((await owner.post(`/api/uploads/${twice.uploadId}/complete`)).statusCode).toBe(202);
    expect(await eventsOf(twice.uploadId)).toHaveLength(1);
  });

  it('answers 410 upload-expired when it comes too late', async () => {
    const { uploadId } = await uploaded();
    await change(uploadId, { expiresAt: new Date(Date.now() - 1_000) });
    const response = await owner.post(`/api/uploads/${uploadId}/complete`);
    expect(response.json()).toMatchObject({ status: 410, code: 'upload-expired' });
    expect(await eventsOf(uploadId)).toEqual([]);
  });

  it('answers 404 for what is unknown, malformed or another customer’s, 401 to guests', async () => {
    const { uploadId } = await uploaded((await signUp(app)).client);
    for (const id of [uploadId, randomUUID(), 'nothing']) {
      const response = await owner.post(`/api/uploads/${id}/complete`);
      expect(response.json()).toMatchObject({ status: 404, code: 'not-found' });
    }
    const guest = await new TestClient(app).post(`/api/uploads/${uploadId}/complete`);
    expect(guest.statusCode).toBe(401);
  });
});

describe('GET /api/uploads/:id', () => {
  it('shows a new upload at once', async () => {
    const { uploadId } = await ask();
    const response = await owner.get(`/api/uploads/${uploadId}`);
    expect(response.json()).toMatchObject({ id: uploadId, status: 'pending', urls: null });
    expect(response.headers['cache-control']).toBe('no-store');
  });

  it.each([
    ['of an earlier release', () => null],
    ['of the first run of its job', (sha256: string) => sha256],
    ['of a later run of its job', (sha256: string) => `${sha256}-2`],
  ])(
    'shows the addresses of a ready picture %s, and its original bytes to the owner only',
    async (_, nameOf) => {
      const target = await uploaded();
      const { uploadId } = target;
      expect((await owner.get(`/api/uploads/${uploadId}/original`)).statusCode).toBe(404);

      // What the worker does with it.
      const sha256 = sha256Of(bytes);
      const objectName = nameOf(sha256);
      const name = objectName ?? sha256;
      await objects.copy(keyOf(target), () => `originals/${name}`, AbortSignal.timeout(5_000));
      await change(uploadId, { status: 'ready', sha256, objectName });

      const stranger = (await signUp(app)).client;
      // The worker writes without a watermark of this session: replicas show it soon.
      await expect
        .poll(async () => (await owner.get(`/api/uploads/${uploadId}`)).json(), { timeout: 5_000 })
        .toMatchObject({
          status: 'ready',
          sha256,
          urls: {
            original: `/api/uploads/${uploadId}/original`,
            large: `/media/${name}-large.webp`,
            thumbnail: `/media/${name}-thumbnail.webp`,
          },
        });
      const original = await owner.get(`/api/uploads/${uploadId}/original`);
      expect(original.headers).toMatchObject({
        'content-type': 'image/png',
        'x-content-type-options': 'nosniff',
      });
      expect(original.rawPayload.equals(bytes)).toBe(true);
      for (const path of [`/api/uploads/${uploadId}`, `/api/uploads/${uploadId}/original`]) {
        expect((await stranger.get(path)).json()).toMatchObject({ status: 404, code: 'not-found' });
        expect((await new TestClient(app).get(path)).statusCode).toBe(401);
      }
    },
  );

  it('says why a picture was rejected', async () => {
    const { uploadId } = await ask();
    await change(uploadId, { status: 'rejected', reason: 'not-an-image' });
    await expect
      .poll(async () => (await owner.get(`/api/uploads/${uploadId}`)).json(), { timeout: 5_000 })
      .toMatchObject({ status: 'rejected', reason: 'not-an-image', urls: null });
  });
});
