import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { confirmationMessageId } from '@shop/contracts/jobs.ts';
import type { Behaviour, ProviderPayment } from '@shop/contracts/payment-provider.ts';
import { openDatabase } from '@shop/database/database.ts';
import { mails, orders, payments } from '@shop/database/schema/orders.ts';
import { outbox } from '@shop/database/schema/outbox.ts';
import { products } from '@shop/database/schema/products.ts';
import { stockChanges } from '@shop/database/schema/stock-changes.ts';
import { entryKey, markerKey } from '@shop/redis/catalog-cache.ts';
import { sentinelOptions } from '@shop/redis/sentinel.ts';
import { eventually } from '@shop/testing/eventually.ts';
import { anEmail, insertCustomer, insertOrder, insertProduct } from '@shop/testing/factories.ts';
import { Queue } from 'bullmq';
import { eq, sql } from 'drizzle-orm';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startWorker } from './app.ts';
import { openCatalogCache } from './catalog-cache.ts';
import { type Config, loadConfig } from './config.ts';
import { openEffectRecords } from './effect-records.ts';
import { capturePayment } from './jobs/capture-payment.ts';
import type { Services } from './jobs/job.ts';
import { openPaymentProvider } from './payment-provider.ts';
import { settlePayments } from './settle-payment.ts';

// The outbox and the queues are shared with whatever workers the topology runs: nothing here depends on whose a job is.

/** Long enough for a machine that is busy with other things, and for a job that is taken over. */
const deadlineMs = 45_000;
/** Redis is emptied here, so what it forgot must come back sooner than after the 15 s of production. */
const relay = { pollMs: 50, staleMs: 3_000 };

const db = openDatabase(loadConfig().database);
const redis = new Redis({ ...sentinelOptions(loadConfig().redis), maxRetriesPerRequest: null });
const cache = new Redis(loadConfig().cacheUrl);
const workers: { stop: () => Promise<void> }[] = [];

const start = async (overrides: Partial<Config> = {}) => {
  const worker = await startWorker({ ...loadConfig(), logLevel: 'error', port: 0, relay, ...overrides });
  workers.push(worker);
  return worker;
};
const stopAll = async () => {
  await Promise.all(workers.splice(0).map(({ stop }) => stop()));
};

beforeAll(async () => {
  await behave({ mode: 'normal', delayMs: 0 });
});
afterEach(async () => {
  await behave({ mode: 'normal', delayMs: 0 });
  await stopAll();
}, 60_000);
afterAll(async () => {
  redis.disconnect();
  cache.disconnect();
  await db.close();
});

const provider = (path: string, init?: RequestInit) => fetch(`${loadConfig().paymentsUrl}${path}`, init);
const send = (method: string, path: string, body: object) =>
  provider(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const behave = async (behaviour: Behaviour) => {
  const response = await send('PUT', '/behaviour', behaviour);
  expect(response.status).toBe(200);
};
const paymentOf = async (orderId: string): Promise<ProviderPayment | null> => {
  const response = await provider(`/payments/${orderId}`);
  return response.ok ? ((await response.json()) as ProviderPayment) : null;
};
const read = async <T>(work: Parameters<typeof db.primary.transaction<T>>[0]): Promise<T> =>
  (await db.primary.transaction(work)).value;
const eventOf = async (orderId: string, topic: string) =>
  (await read((tx) => tx.select().from(outbox).where(eq(outbox.orderId, orderId)))).find(
    (event) => event.topic === topic,
  );
const stockOf = async (id: string) =>
  (await read((tx) => tx.select({ stock: products.stock }).from(products).where(eq(products.id, id))))[0]
    ?.stock;
/** The stock that shoppers see. */
const stockShown = async (id: string) => {
  const response = await fetch(`${process.env.API_URL}/api/products/${id}`);
  expect(response.status).toBe(200);
  return ((await response.json()) as { stock: number }).stock;
};
/** How many copies of the confirmation the mail sink has. */
const copiesOf = async (orderId: string): Promise<number> => {
  const response = await fetch(`${process.env.MAIL_URL}/api/email`);
  const all = (await response.json()) as { headers: Record<string, string> }[];
  return all.filter(({ headers }) => headers['message-id'] === confirmationMessageId(orderId)).length;
};

/** A POST to the API replicas of the topology, as the shopper that `cookie` names. */
const callApi = (path: string, { cookie = '', body }: { cookie?: string; body?: object } = {}) =>
  fetch(`${process.env.API_URL}${path}`, {
    method: 'POST',
    headers: { cookie, 'idempotency-key': uuid(), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

type Shopper = { cookie: string; productId: string };
const signUp = async (): Promise<string> => {
  const body = { email: anEmail(), password: 'correct horse battery', name: 'Ada' };
  const response = await callApi('/api/auth/register', { body });
  expect(response.status).toBe(201);
  return response.headers
    .getSetCookie()
    .map((text) => text.split(';')[0])
    .join('; ');
};
const aShopper = async (stock = 100): Promise<Shopper> => ({
  cookie: await signUp(),
  productId: (await insertProduct(db, { stock, priceCents: 1_000 })).value.id,
});
const place = async ({ cookie, productId }: Shopper, quantity = 1): Promise<string> => {
  const response = await callApi('/api/orders', { cookie, body: { items: [{ productId, quantity }] } });
  expect(response.status).toBe(201);
  return ((await response.json()) as { id: string }).id;
};
const cancel = async ({ cookie }: Shopper, id: string) => {
  const response = await callApi(`/api/orders/${id}/cancel`, { cookie });
  expect(response.status).toBe(200);
};
const orderStatus = async (id: string) =>
  (await read((tx) => tx.select({ status: orders.status }).from(orders).where(eq(orders.id, id))))[0]?.status;
const reaches = (id: string, status: string) =>
  eventually(deadlineMs, async () => expect(await orderStatus(id)).toBe(status));
const allDone = (orderId: string) =>
  eventually(deadlineMs, async () => {
    const events = await read((tx) => tx.select().from(outbox).where(eq(outbox.orderId, orderId)));
    expect(events.filter(({ doneAt }) => doneAt === null)).toEqual([]);
    return events;
  });

describe('the payment provider', () => {
  const capture = (orderId: string, amountCents = 500) => send('POST', '/captures', { orderId, amountCents });
  const refund = (orderId: string) => send('POST', '/refunds', { orderId });

  it('captures once for an order, however often it is asked at once', async () => {
    const orderId = uuid();
    const answers = await Promise.all(Array.from({ length: 20 }, () => capture(orderId)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(await paymentOf(orderId)).toMatchObject({
      status: 'captured',
      capturedCents: 500,
      refundedCents: 0,
      captureAttempts: 20,
    });
  });

  it('refunds once, and a capture that comes late takes nothing', async () => {
    const orderId = uuid();
    await capture(orderId);
    await Promise.all([refund(orderId), refund(orderId), refund(orderId)]);
    expect((await capture(orderId)).status).toBe(200);
    expect(await paymentOf(orderId)).toMatchObject({
      status: 'refunded',
      capturedCents: 500,
      refundedCents: 500,
    });
  });

  it('refuses the capture of an order that was refunded before', async () => {
    const orderId = uuid();
    expect((await refund(orderId)).status).toBe(200);
    expect((await capture(orderId)).status).toBe(409);
    expect(await paymentOf(orderId)).toMatchObject({ status: 'voided', capturedCents: 0, refundedCents: 0 });
  });

  it('takes no money in the end when capture and refund race', async () => {
    const ids = Array.from({ length: 20 }, () => uuid());
    await Promise.all(
      ids.flatMap((id, n) => (n % 2 ? [capture(id), refund(id)] : [refund(id), capture(id)])),
    );
    for (const id of ids) {
      const { capturedCents = -1, refundedCents = -1 } = (await paymentOf(id)) ?? {};
      expect(capturedCents).toBe(refundedCents);
    }
  });

  it('keeps its decision, and misbehaves for as many calls as it was told', async () => {
    const orderId = uuid();
    await behave({ mode: 'decline', delayMs: 0, calls: 1 });
    expect((await capture(orderId)).status).toBe(402);
    expect((await capture(orderId)).status).toBe(402);
    expect((await capture(uuid())).status).toBe(200);
    await behave({ mode: 'fail', delayMs: 0, calls: 2 });
    const statuses = [await capture(orderId), await refund(orderId), await refund(orderId)];
    expect(statuses.map(({ status }) => status)).toEqual([500, 500, 200]);
  });

  it('refuses what it does not understand', async () => {
    expect((await capture('order')).status).toBe(400);
    expect((await capture(uuid(), -1)).status).toBe(400);
    expect((await send('PUT', '/behaviour', { mode: 'explode', delayMs: 0 })).status).toBe(400);
    expect((await provider(`/payments/${uuid()}`)).status).toBe(404);
  });
});

describe('an order that was placed', () => {
  it('is paid once and confirmed by one mail, although two workers run its jobs', async () => {
    await Promise.all([start(), start()]);
    const shopper = await aShopper();
    const ids = await Promise.all(Array.from({ length: 15 }, () => place(shopper, 2)));
    for (const id of ids) {
      await reaches(id, 'paid');
      await allDone(id);
      expect(await paymentOf(id)).toMatchObject({ capturedCents: 2_000, refundedCents: 0 });
      const [payment] = await read((tx) => tx.select().from(payments).where(eq(payments.orderId, id)));
      expect(payment).toMatchObject({ capturedCents: 2_000, refundedCents: 0 });
      const sent = await read((tx) => tx.select().from(mails).where(eq(mails.orderId, id)));
      expect(sent.map(({ messageId }) => messageId)).toEqual([confirmationMessageId(id)]);
      await eventually(deadlineMs, async () => expect(await copiesOf(id)).toBeGreaterThanOrEqual(1));
    }
    expect(await stockOf(shopper.productId)).toBe(70);
  }, 120_000);

  it('fails and gives its stock back when the provider declines', async () => {
    await behave({ mode: 'decline', delayMs: 0 });
    await start();
    const shopper = await aShopper(10);
    const id = await place(shopper, 4);
    await reaches(id, 'payment-failed');
    expect(await paymentOf(id)).toMatchObject({ status: 'declined', capturedCents: 0 });
    expect(await stockOf(shopper.productId)).toBe(10);
    const changes = await read((tx) => tx.select().from(stockChanges).where(eq(stockChanges.orderId, id)));
    expect(changes.map(({ delta, reason }) => [delta, reason]).sort()).toEqual([
      [-4, 'order'],
      [4, 'payment-failed'],
    ]);
    const [payment] = await read((tx) => tx.select().from(payments).where(eq(payments.orderId, id)));
    expect(payment).toMatchObject({ capturedCents: 0, capturedAt: null, failureReason: 'declined' });
  }, 60_000);

  it('is captured once by a provider that goes silent after it has captured', async () => {
    await behave({ mode: 'timeout-after-capture', delayMs: 50 });
    await start();
    const shopper = await aShopper();
    const id = await place(shopper);
    await eventually(deadlineMs, async () =>
      expect((await paymentOf(id))?.captureAttempts ?? 0).toBeGreaterThanOrEqual(2),
    );
    expect(await orderStatus(id)).toBe('placed');
    await behave({ mode: 'normal', delayMs: 0 });
    await reaches(id, 'paid');
    expect(await paymentOf(id)).toMatchObject({ capturedCents: 1_000, refundedCents: 0 });
  }, 60_000);

  it('stays placed while the provider fails, and is paid when it is back', async () => {
    await behave({ mode: 'fail', delayMs: 0 });
    await start();
    const shopper = await aShopper();
    const id = await place(shopper);
    await eventually(deadlineMs, async () => {
      const event = await eventOf(id, 'payment.capture');
      expect(event?.attemptCount ?? 0).toBeGreaterThanOrEqual(3);
      expect(event?.lastError ?? '').toContain('500');
    });
    expect(await orderStatus(id)).toBe('placed');
    await behave({ mode: 'normal', delayMs: 0 });
    await reaches(id, 'paid');
    expect((await eventOf(id, 'payment.capture'))?.lastError).toBeNull();
  }, 60_000);
});

describe('an order whose payment has failed', () => {
  /** An order of two pieces, and the job that captures its payment: no worker runs it, only the test. */
  const aCapture = async () => {
    const customer = await insertCustomer(db);
    // The factory's order takes none of them.
    const { value: product } = await insertProduct(db, { stock: 10, priceCents: 1_000 });
    const { id: orderId } = await insertOrder(db, customer.id, product, { status: 'placed', quantity: 2 });
    const topic = 'payment.capture';
    const event = { id: uuid(), runs: 1, payload: { orderId } };
    // Claimed just now: no relay takes it for as long as this lasts.
    const row = { id: event.id, topic, payload: event.payload, orderId, claimedAt: sql`now()` };
    await read((tx) => tx.insert(outbox).values(row));
    return { orderId, productId: product.id, event };
  };

  it('shows its stock again although the cache has the stock from before', async () => {
    await behave({ mode: 'decline', delayMs: 0 });
    const { orderId, productId, event } = await aCapture();
    const keys = { entry: entryKey('product', productId), marker: markerKey('product', productId) };

    const realCache = openCatalogCache(loadConfig().cacheUrl, pino({ enabled: false }));
    const catalogCache = {
      ...realCache,
      /** Until the cache knows: a worker tries once, for half a second, because entries live 10 s. */
      invalidate: (...change: Parameters<typeof realCache.invalidate>) =>
        eventually(deadlineMs, async () => {
          const before = await cache.get(keys.marker);
          await realCache.invalidate(...change);
          expect(await cache.get(keys.marker)).not.toBe(before);
        }),
    };
    let markerBefore: string | null = null;
    const realProvider = openPaymentProvider(loadConfig().paymentsUrl);
    const provider = {
      ...realProvider,
      /** Before the answer comes, a shopper looks at the product. Then only a change ends the cache's entry. */
      async capture(id: string, amountCents: number) {
        await eventually(deadlineMs, async () => {
          expect(await stockShown(productId)).toBe(10);
          await cache.persist(keys.marker);
          expect(await cache.persist(keys.entry)).toBe(1);
        });
        markerBefore = await cache.get(keys.marker);
        return await realProvider.capture(id, amountCents);
      },
    };
    const services: Partial<Services> = { db, provider, catalogCache, records: openEffectRecords(db) };
    await capturePayment(services as Services, event);
    await realProvider.close();
    realCache.close();

    expect(await orderStatus(orderId)).toBe('payment-failed');
    expect(await stockOf(productId)).toBe(12);
    expect(await cache.get(keys.marker)).not.toBe(markerBefore);
    expect(await eventually(deadlineMs, () => stockShown(productId))).toBe(12);
  }, 120_000);

  it('is refunded when its money was captured nevertheless', async () => {
    const { orderId, productId, event } = await aCapture();
    const real = openPaymentProvider(loadConfig().paymentsUrl);
    const provider = {
      ...real,
      /** While this answer is on its way, another run of the job is told that the payment was declined. */
      async capture(id: string, amountCents: number) {
        const captured = await real.capture(id, amountCents);
        const declined = { ...captured, status: 'declined', capturedCents: 0 } as const;
        const settled = await read((tx) => settlePayments(tx, [{ run: event, payment: declined }]));
        expect(settled).toEqual(['stock-returned']);
        expect(await orderStatus(orderId)).toBe('payment-failed');
        return captured;
      },
    };
    const catalogCache = { invalidate: async () => {}, close: () => {} };
    const services: Partial<Services> = { db, provider, catalogCache, records: openEffectRecords(db) };
    await capturePayment(services as Services, event);
    await real.close();

    expect(await paymentOf(orderId)).toMatchObject({ capturedCents: 2_000, refundedCents: 2_000 });
    const [payment] = await read((tx) => tx.select().from(payments).where(eq(payments.orderId, orderId)));
    expect(payment).toMatchObject({ capturedCents: 2_000, refundedCents: 2_000 });
    expect(await orderStatus(orderId)).toBe('payment-failed');
    // Given back once.
    expect(await stockOf(productId)).toBe(12);
  }, 60_000);
});

describe('an order that is cancelled', () => {
  it('is refunded once when it was paid', async () => {
    await start();
    const shopper = await aShopper(10);
    const id = await place(shopper, 3);
    await reaches(id, 'paid');
    await cancel(shopper, id);
    await allDone(id);
    expect(await paymentOf(id)).toMatchObject({
      status: 'refunded',
      capturedCents: 3_000,
      refundedCents: 3_000,
    });
    const [payment] = await read((tx) => tx.select().from(payments).where(eq(payments.orderId, id)));
    expect(payment).toMatchObject({ capturedCents: 3_000, refundedCents: 3_000 });
    expect(await stockOf(shopper.productId)).toBe(10);
  }, 90_000);

  it('never keeps money, whenever the cancellation comes during the capture', async () => {
    await behave({ mode: 'slow', delayMs: 150 });
    await Promise.all([start(), start()]);
    const shopper = await aShopper();
    // A product each: this is about the order's row.
    const made = await Promise.all(Array.from({ length: 12 }, () => insertProduct(db, { stock: 7 })));
    const cancelled = await Promise.all(
      made.map(async ({ value: product }, n) => {
        const id = await place({ ...shopper, productId: product.id });
        await sleep(n * 60);
        await cancel(shopper, id);
        return id;
      }),
    );
    for (const id of cancelled) {
      await allDone(id);
      expect(await orderStatus(id)).toBe('cancelled');
      const { capturedCents = -1, refundedCents = -1 } = (await paymentOf(id)) ?? {};
      expect(refundedCents).toBe(capturedCents);
      const [kept] = await read((tx) => tx.select().from(payments).where(eq(payments.orderId, id)));
      expect(kept?.refundedCents).toBe(kept?.capturedCents);
    }
    for (const { value } of made) expect(await stockOf(value.id)).toBe(7);
  }, 120_000);
});

it('an event of a newer version, which no job knows, keeps none of its batch waiting', async () => {
  await start();
  const customer = await insertCustomer(db);
  const { value: product } = await insertProduct(db);
  const { id: orderId } = await insertOrder(db, customer.id, product);
  const unknown = { id: uuid(), topic: 'later.version', payload: {} };
  const known = { id: uuid(), topic: 'mail.order-confirmation', payload: { orderId }, orderId };
  // One transaction, so one batch.
  await read((tx) => tx.insert(outbox).values([unknown, known]));
  try {
    await allDone(orderId);
    const [left] = await read((tx) => tx.select().from(outbox).where(eq(outbox.id, unknown.id)));
    expect(left?.doneAt).toBeNull();
  } finally {
    // The relay would sweep it up for ever.
    await read((tx) => tx.delete(outbox).where(eq(outbox.id, unknown.id)));
  }
}, 60_000);

describe('a worker that dies', () => {
  it('Redis forgets the jobs: their effects still happen, once', async () => {
    await behave({ mode: 'fail', delayMs: 0 });
    await start();
    const shopper = await aShopper();
    const ids = await Promise.all(Array.from({ length: 12 }, () => place(shopper)));
    await eventually(deadlineMs, async () => {
      for (const id of ids)
        expect((await eventOf(id, 'payment.capture'))?.attemptCount ?? 0).toBeGreaterThan(0);
    });
    await redis.del(await redis.keys('bull:payments:*'));
    await behave({ mode: 'normal', delayMs: 0 });
    const published: number[] = [];
    for (const id of ids) {
      await reaches(id, 'paid');
      expect(await paymentOf(id)).toMatchObject({ capturedCents: 1_000, refundedCents: 0 });
      published.push((await eventOf(id, 'payment.capture'))?.publishCount ?? 0);
    }
    // Jobs that were in progress in that very moment were not published again.
    expect(Math.max(...published)).toBeGreaterThanOrEqual(2);
  }, 120_000);

  it('Redis keeps the id of a job in progress and forgets the rest: its effect still happens', async () => {
    await behave({ mode: 'fail', delayMs: 0 });
    await start();
    const id = await place(await aShopper());
    const { id: job } = await eventually(deadlineMs, async () => {
      const event = await eventOf(id, 'payment.capture');
      expect(event?.attemptCount ?? 0).toBeGreaterThan(0);
      return event!;
    });
    // BullMQ's check for stalled jobs finds the id without a lock, and makes a job of it that has no name.
    await redis
      .multi()
      .zrem('bull:payments:delayed', job)
      .del(`bull:payments:${job}`, `bull:payments:${job}:lock`)
      .lpush('bull:payments:active', job)
      .exec();
    await behave({ mode: 'normal', delayMs: 0 });
    await reaches(id, 'paid');
  }, 120_000);

  it('a worker killed in the middle of a job: another one takes it over', async () => {
    await behave({ mode: 'slow', delayMs: 4_000 });
    const name = `victim-${uuid()}`;
    const program = fileURLToPath(new URL('main.ts', import.meta.url));
    const env = { ...process.env, PORT: '0', WORKER_NAME: name, LOG_LEVEL: 'error' };
    const victim = spawn(process.execPath, [program], { env, stdio: 'inherit' });
    const queue = new Queue('payments', { connection: redis });
    const shopper = await aShopper();
    // Until one of the jobs in progress is the victim's; other workers have jobs too.
    const id = await eventually(deadlineMs, async () => {
      await place(shopper);
      const job = (await queue.getActive()).find(({ processedBy }) => processedBy === name);
      if (!job) throw new Error('the victim has no job');
      return job.data.orderId as string;
    });
    victim.kill('SIGKILL');
    await once(victim, 'exit');
    expect(await orderStatus(id)).toBe('placed');
    await behave({ mode: 'normal', delayMs: 0 });
    // No sweep in this one: what takes the job over is the queue.
    await start({ relay: { pollMs: 50, staleMs: 600_000 } });
    await eventually(deadlineMs, async () => expect(await orderStatus(id)).toBe('paid'));
    expect((await eventOf(id, 'payment.capture'))?.attemptCount).toBeGreaterThanOrEqual(2);
    const { capturedCents, refundedCents } = (await paymentOf(id)) as ProviderPayment;
    expect([capturedCents > 0, refundedCents]).toEqual([true, 0]);
    await queue.close();
  }, 120_000);

  it('an event published again after it is done changes nothing', async () => {
    await start();
    const shopper = await aShopper();
    const id = await place(shopper);
    await reaches(id, 'paid');
    await allDone(id);
    await redis.del([...(await redis.keys('bull:payments:*')), ...(await redis.keys('bull:mails:*'))]);
    await read((tx) => tx.update(outbox).set({ claimedAt: sql`null` }).where(eq(outbox.orderId, id)));
    await eventually(deadlineMs, async () => {
      expect((await eventOf(id, 'payment.capture'))?.attemptCount).toBe(2);
      expect((await eventOf(id, 'mail.order-confirmation'))?.attemptCount).toBe(2);
    });
    expect(await paymentOf(id)).toMatchObject({ captureAttempts: 1, capturedCents: 1_000 });
    expect(await copiesOf(id)).toBe(1);
  }, 90_000);
});
