import { createHash, randomInt } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import { openDatabase } from '@shop/database/database.ts';
import { outbox } from '@shop/database/schema/outbox.ts';
import { uploads } from '@shop/database/schema/uploads.ts';
import { insertCustomer } from '@shop/testing/factories.ts';
import { eq } from 'drizzle-orm';
import sharp from 'sharp';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import type { Services } from './jobs/job.ts';
import { processPicture } from './jobs/process-picture.ts';
import { type Objects, openObjects } from './objects.ts';

// The job on the real stores, without the queue: nothing here starts a worker (payments.integration.test.ts says why).

const db = openDatabase(loadConfig().database);
let objects: Objects;
let customerId: string;
beforeAll(async () => {
  objects = openObjects(loadConfig().objects);
  customerId = (await insertCustomer(db)).id;
});
afterAll(async () => {
  objects.close();
  await db.close();
});

const read = async <T>(work: Parameters<typeof db.primary.transaction<T>>[0]): Promise<T> =>
  (await db.primary.transaction(work)).value;

type Type = 'image/png' | 'image/jpeg' | 'image/webp';

/** What `complete` leaves behind: the bytes under a key of their own and the upload in processing. */
async function completed(bytes: Buffer, contentType: Type) {
  const [uploadId, eventId] = [uuid(), uuid()];
  const key = `uploads/${uploadId}/${uuid()}`;
  await objects.write('uploads', key, bytes, contentType);
  await read((tx) =>
    tx.insert(uploads).values({
      id: uploadId,
      customerId,
      purpose: 'review',
      filename: 'picture',
      contentType,
      sizeBytes: bytes.length,
      status: 'processing',
      stagedKey: key,
      expiresAt: new Date(Date.now() + 60_000),
    }),
  );
  const payload = { uploadId, key };
  // Claimed in the far future, so that no relay takes it.
  const claimedAt = new Date(Date.now() + 3_600_000);
  await read((tx) => tx.insert(outbox).values({ id: eventId, topic: 'picture.process', payload, claimedAt }));
  return { uploadId, event: { id: eventId, runs: 1, payload } };
}

const run = (event: Parameters<typeof processPicture>[1]) =>
  processPicture({ db, objects } as Services, event);
const uploadOf = async (id: string) =>
  (await read((tx) => tx.select().from(uploads).where(eq(uploads.id, id))))[0];
const eventOf = async (id: string) =>
  (await read((tx) => tx.select().from(outbox).where(eq(outbox.id, id))))[0];
const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** One of 16 million, since what two pictures of the same bytes leave behind is the same object. */
const aColour = () => ({ r: randomInt(256), g: randomInt(256), b: randomInt(256) });
const aPicture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: aColour() } });
/** Turned by its metadata, which also says where it was taken. */
const aPhoto = (width: number, height: number) =>
  aPicture(width, height)
    .withExif({ IFD0: { Copyright: 'Ada' }, IFD3: { GPSLatitudeRef: 'N' } })
    .withMetadata({ orientation: 6 });

describe('a picture', () => {
  it.each([
    ['image/png', (width: number, height: number) => aPhoto(width, height).png().toBuffer()],
    ['image/jpeg', (width: number, height: number) => aPhoto(width, height).jpeg().toBuffer()],
    ['image/webp', (width: number, height: number) => aPhoto(width, height).webp().toBuffer()],
  ] as const)(
    'of type %s becomes ready: kept as sent, shown upright in two sizes without metadata',
    async (type, make) => {
      const bytes = await make(2_400, 1_600);
      const { uploadId, event } = await completed(bytes, type);
      await run(event);
      const sha256 = sha256Of(bytes);
      expect(await uploadOf(uploadId)).toMatchObject({ status: 'ready', sha256, reason: null });
      expect((await objects.read('uploads', `originals/${sha256}`, 10_000_000)).equals(bytes)).toBe(true);
      // Kept once: not under the key of the upload, too.
      await expect(objects.read('uploads', event.payload.key, 10_000_000)).rejects.toThrow();
      for (const [name, longest] of [
        ['large', 1_200],
        ['thumbnail', 240],
      ] as const) {
        const shown = await sharp(
          await objects.read('media', `${sha256}-${name}.webp`, 10_000_000),
        ).metadata();
        expect(shown).toMatchObject({ format: 'webp', width: (longest * 2) / 3, height: longest });
        expect([shown.exif, shown.xmp, shown.iptc, shown.orientation]).toEqual([
          undefined,
          undefined,
          undefined,
          undefined,
        ]);
      }
    },
  );

  it('that is small stays small', async () => {
    const bytes = await aPicture(100, 50).png().toBuffer();
    const { event } = await completed(bytes, 'image/png');
    await run(event);
    const large = await objects.read('media', `${sha256Of(bytes)}-large.webp`, 1_000_000);
    expect(await sharp(large).metadata()).toMatchObject({ width: 100, height: 50 });
  });

  it('is processed once: a second run changes nothing, not even when other bytes lie under its key', async () => {
    const bytes = await aPicture(300, 300).png().toBuffer();
    const { uploadId, event } = await completed(bytes, 'image/png');
    await run(event);
    await objects.write('uploads', event.payload.key, await aPicture(10, 10).png().toBuffer(), 'image/png');
    await run(event);
    expect(await uploadOf(uploadId)).toMatchObject({ status: 'ready', sha256: sha256Of(bytes) });
    const done = await eventOf(event.id);
    expect(done?.attemptCount).toBe(2);
    expect(done?.doneAt).not.toBeNull();
  });
});

/** A PNG of 20,000 × 20,000 white pixels in 50 kB: 50 MB of one bit each, or 1.6 GB once it is decoded to colours. */
async function aBomb(): Promise<Buffer> {
  const side = 20_000;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  // One bit a pixel, greyscale.
  header[8] = 1;
  const rows = Buffer.alloc(side * (1 + side / 8), 0xff);
  for (let row = 0; row < side; row += 1) rows[row * (1 + side / 8)] = 0;
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    checksum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, checksum]);
  };
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...parts]);
}

describe('bytes that are not an accepted picture are rejected', () => {
  const png = (width: number, height: number) =>
    aPicture(width, height).png({ compressionLevel: 9 }).toBuffer();
  const text = async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>, which is text');
  const gif = () => aPicture(10, 10).gif().toBuffer();
  const cutOff = async () => (await png(500, 500)).subarray(0, 200);
  const large = async () => Buffer.alloc(5 * 1024 * 1024 + 1, await png(10, 10));

  it.each([
    ['not-an-image', 'text', text, 'image/png'],
    ['not-an-image', 'a picture that ends in the middle', cutOff, 'image/png'],
    ['type-mismatch', 'a PNG declared as a JPEG', () => png(10, 10), 'image/jpeg'],
    ['type-mismatch', 'a GIF', gif, 'image/png'],
    ['too-large', 'more than 5 MiB', large, 'image/png'],
    ['too-many-pixels', 'a decompression bomb', aBomb, 'image/png'],
  ] as const)('as %s: %s', async (reason, _, make, type) => {
    const bytes = await make();
    const { uploadId, event } = await completed(bytes, type);
    const before = process.memoryUsage.rss();
    await run(event);
    // A bomb that is decoded takes more.
    expect(process.memoryUsage.rss() - before).toBeLessThan(200e6);
    expect(await uploadOf(uploadId)).toMatchObject({ status: 'rejected', reason });
    expect((await eventOf(event.id))?.doneAt).not.toBeNull();
    await expect(objects.read('media', `${sha256Of(bytes)}-large.webp`, 1_000_000)).rejects.toThrow();
  });
});

/** The store, except that writes to `key` fail, as they do while MinIO holds the lock of a node that was killed. */
const withLocked = (key: string): Objects => ({
  ...objects,
  write: async (bucket, wanted, ...rest) => {
    if (wanted === key) throw new Error(`${key} is locked`);
    await objects.write(bucket, wanted, ...rest);
  },
});

describe('a key that a dead node has locked', () => {
  it.each([
    ['original', (sha256: string) => `originals/${sha256}`],
    ['large size', (sha256: string) => `${sha256}-large.webp`],
    ['thumbnail', (sha256: string) => `${sha256}-thumbnail.webp`],
  ])('keeps no shopper waiting: the next run writes the %s under another key', async (_, keyOf) => {
    const bytes = await aPicture(20, 20).png().toBuffer();
    const sha256 = sha256Of(bytes);
    const { uploadId, event } = await completed(bytes, 'image/png');
    const services = { db, objects: withLocked(keyOf(sha256)) } as Services;
    await expect(processPicture(services, event)).rejects.toThrow('is locked');
    await processPicture(services, { ...event, runs: 2 });
    const objectName = `${sha256}-2`;
    expect(await uploadOf(uploadId)).toMatchObject({ status: 'ready', sha256, objectName });
    expect(await objects.read('uploads', `originals/${objectName}`, 1_000_000)).toEqual(bytes);
    for (const size of ['large', 'thumbnail']) {
      const shown = await objects.read('media', `${objectName}-${size}.webp`, 1_000_000);
      expect(await sharp(shown).metadata()).toMatchObject({ width: 20, height: 20 });
    }
  });
});

describe('a store that is away', () => {
  it('leaves the upload as it is, for the next try', async () => {
    const bytes = await aPicture(20, 20).png().toBuffer();
    const { uploadId, event } = await completed(bytes, 'image/png');
    const away = openObjects({ ...loadConfig().objects, endpoint: 'http://127.0.0.1:1' });
    await expect(processPicture({ db, objects: away } as Services, event)).rejects.toThrow();
    away.close();
    expect(await uploadOf(uploadId)).toMatchObject({ status: 'processing', sha256: null });
    await run(event);
    expect(await uploadOf(uploadId)).toMatchObject({ status: 'ready' });
  });
});
