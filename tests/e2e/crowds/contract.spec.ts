/** The API answers as its OpenAPI document says, whatever a client sends. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { compareWithDocument } from '@shop/schemathesis/run.ts';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { accountsFile, edges } from '@shop/shop-client/topology-under-test.ts';
import { CookieJar } from 'tough-cookie';

const [edge] = edges;
/**
 * The same calls in each run, so that a change is refused for what it changed, and not for a call that was never tried. The
 * nightly run draws another seed, and a counterexample comes again under its seed:
 * `CONTRACT_SEED=2 npm test -- --keep contract.spec`.
 */
const seed = Number(process.env.CONTRACT_SEED ?? 1);
const callsPerOperation = 5;

// One after the other: the runs share the product, and the admin's changes it.
test.describe.configure({ mode: 'serial' });

/** A client, and the cookie of its session for a program that has no jar. */
function clientWithJar() {
  const jar = new CookieJar();
  const client = new ShopClient(edge, undefined, jar);
  const session = () => jar.getCookiesSync(edge).find(({ key }) => key === 'sid');
  return { client, cookie: () => session()?.cookieString() };
}

const admin = clientWithJar();
const customer = clientWithJar();
const own = { productId: '', orderId: '', category: '' };

test.beforeAll(async () => {
  const accounts = JSON.parse(await readFile(accountsFile, 'utf8'));
  const { email, password } = accounts.find(({ role }: { role: string }) => role === 'admin');
  expect((await admin.client.login(email, password)).status).toBe(200);
  own.category = (await admin.client.get('/api/categories')).body.items[0].id;
  const product = await admin.client.post('/api/admin/products', {
    body: {
      slug: `contract-${randomUUID().slice(0, 13)}`,
      name: 'What the contract is tried on',
      description: 'Generated calls change this product and no other.',
      category: own.category,
      priceCents: 100,
      stock: 1_000_000,
    },
  });
  expect(product.status).toBe(201);
  own.productId = product.body.id;
  await customer.client.register();
  const items = [{ productId: own.productId, quantity: 1 }];
  const order = await customer.client.post('/api/orders', { body: { items }, key: randomUUID() });
  expect(order.status).toBe(201);
  own.orderId = order.body.id;
});

/** What was made is off sale again: other tests look at the newest products. */
test.afterAll(async () => {
  const made = new Set([own.productId]);
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = `limit=100${cursor && `&cursor=${cursor}`}`;
    const { body } = await admin.client.get(`/api/admin/products?q=contract-&status=active&${page}`);
    for (const { id } of body.items) made.add(id);
    cursor = body.nextCursor;
  }
  for (const id of made) {
    const reply = await admin.client.patch(`/api/admin/products/${id}`, { body: { active: false } });
    expect(reply.status).toBe(200);
  }
});

const runs = [
  { role: 'a guest', session: undefined },
  { role: 'a customer', session: customer },
  { role: 'an admin', session: admin },
];

for (const { role, session } of runs) {
  test(`to ${role}: no 5xx, no status that is not documented, no answer that is not of its schema`, async () => {
    // The calls take half a minute on two idle cores.
    test.setTimeout(600_000);
    console.log(`contract, ${role}: seed ${seed}`);
    const { passed, calls, report } = await compareWithDocument({
      origin: edge,
      cookie: session?.cookie(),
      seed,
      callsPerOperation,
      own,
    });
    expect(passed, `CONTRACT_SEED=${seed}\n${report}`).toBe(true);
    expect(calls, report).toBeGreaterThan(100);
    // The session has lasted to the end of the run, so the calls were those of its role.
    if (session) expect((await session.client.get('/api/auth/me')).status).toBe(200);
  });
}
