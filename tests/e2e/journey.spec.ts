import { createHash, randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { adminClient } from '@shop/chaos/workload/items.ts';
import { type Reply, ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import pWaitFor from 'p-wait-for';
import sharp from 'sharp';
import { request } from 'undici';

/** A picture as a telephone would send one: noise, so that its size is not a joke. */
async function photo(): Promise<Buffer> {
  const width = 640;
  const height = 480;
  const noise = Buffer.from(
    Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 2_654_435_761) >>> 24),
  );
  return await sharp(noise, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();
}

async function put(edge: string, ticket: Reply['body'], bytes: Buffer): Promise<number> {
  const answer = await request(new URL(ticket.url, edge), {
    method: 'PUT',
    headers: ticket.headers,
    body: bytes,
  });
  await answer.body.dump();
  return answer.statusCode;
}

async function untilStatus(client: ShopClient, path: string, status: string): Promise<Reply['body']> {
  let last: Reply['body'];
  await pWaitFor(
    async () => {
      last = (await client.get(path)).body;
      return last.status === status;
    },
    { interval: 250, timeout: 30_000 },
  ).catch(() => {
    throw new Error(`${path} should become ${status}: ${JSON.stringify(last)}`);
  });
  return last;
}

for (const [index, edge] of edges.entries()) {
  test(`a shopper registers, searches, orders, reads back, uploads and reviews through edge-${index + 1}`, async () => {
    const client = new ShopClient(edge);

    // A guest looks around and fills a cart.
    const { status, body: found } = await client.get('/api/products?q=bread&limit=5');
    expect(status, JSON.stringify(found)).toBe(200);
    expect(found.items.length).toBeGreaterThan(0);
    const product = (await client.get(`/api/products/${found.items[0].slug}`)).body;
    expect(product.id).toBe(found.items[0].id);
    const picture = await request(new URL(product.imageUrl, edge));
    expect(picture.headers['content-type']).toBe('image/webp');
    await picture.body.dump();
    const { body: cart } = await client.put(`/api/cart/items/${product.id}`, { body: { quantity: 2 } });
    expect(cart.totalCents).toBe(2 * product.priceCents);

    // The cart comes along into the new account.
    await client.register('Mara Miller');
    expect((await client.get('/api/cart')).body.items).toMatchObject([
      { productId: product.id, quantity: 2 },
    ]);

    // The order, its replay byte for byte, and reading it back at once.
    const key = randomUUID();
    const placed = await client.post('/api/orders', { body: {}, key });
    expect(placed.status).toBe(201);
    expect(placed.body).toMatchObject({
      status: 'placed',
      totalCents: 2 * product.priceCents,
      currency: 'EUR',
    });
    expect(placed.headers.location).toBe(`/api/orders/${placed.body.id}`);
    const again = await client.post('/api/orders', { body: {}, key });
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([
      201,
      placed.body,
      'true',
    ]);
    expect((await client.get(`/api/orders/${placed.body.id}`)).body.number).toBe(placed.body.number);
    expect((await client.get('/api/orders')).body.items).toHaveLength(1);
    expect((await client.get('/api/cart')).body.items).toEqual([]);
    await untilStatus(client, `/api/orders/${placed.body.id}`, 'paid');

    // A picture goes through the edge into the object store and comes back in sizes, and as it was sent.
    const bytes = await photo();
    const ticket = await client.post('/api/uploads', {
      body: { filename: 'table.jpg', contentType: 'image/jpeg', sizeBytes: bytes.length, purpose: 'review' },
    });
    expect(ticket.status).toBe(201);
    expect(await put(edge, ticket.body, bytes)).toBe(200);
    const { uploadId } = ticket.body;
    expect((await client.post(`/api/uploads/${uploadId}/complete`)).status).toBe(202);
    const upload = await untilStatus(client, `/api/uploads/${uploadId}`, 'ready');
    expect(upload.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    for (const url of [upload.urls.large, upload.urls.thumbnail]) {
      const answer = await request(new URL(url, edge));
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'image/webp']);
      await answer.body.dump();
    }

    // A buyer may review; the review is there at once.
    const review = await client.post(`/api/products/${product.id}/reviews`, {
      body: { rating: 5, text: 'Gone by noon.', uploadId },
    });
    expect(review.status).toBe(201);
    const { body: reviews } = await client.get(`/api/products/${product.id}/reviews`);
    expect(reviews.items[0]).toMatchObject({ id: review.body.id, authorName: 'Mara Miller', rating: 5 });

    // The admin ships it, sees one payment and one mail, and it can no longer be cancelled.
    const admin = await adminClient(edge);
    const shipped = await admin.post(`/api/admin/orders/${placed.body.id}/ship`);
    expect([shipped.status, shipped.body.status]).toEqual([200, 'shipped']);
    await pWaitFor(
      async () => (await admin.get(`/api/admin/orders/${placed.body.id}`)).body.mails.length === 1,
      { interval: 250, timeout: 30_000 },
    );
    const { body: seen } = await admin.get(`/api/admin/orders/${placed.body.id}`);
    expect(seen.payment).toMatchObject({ capturedCents: placed.body.totalCents, refundedCents: 0 });
    const cancelled = await client.post(`/api/orders/${placed.body.id}/cancel`);
    expect([cancelled.status, cancelled.body.code]).toEqual([409, 'order-not-cancellable']);

    await client.post('/api/auth/logout');
    expect((await client.get('/api/auth/me')).status).toBe(401);
  });
}
