/** Programs log in with tokens instead of a cookie: as a client and as a forger sees it, through both edges. */
import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { running } from '@shop/chaos/topology/topology.ts';
import { makeItems } from '@shop/chaos/workload/items.ts';
import { execIn } from '@shop/docker/in-container.ts';
import { type Reply, ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';

type Pair = { accessToken: string; refreshToken: string; expiresInSeconds: number };
type Customer = { id: string; email: string; password: string };

// One test revokes the keys that the others' tokens are signed with.
test.describe.configure({ mode: 'serial' });

const register = async (edge: string): Promise<Customer> => await new ShopClient(edge).register();
const bearer = (accessToken: string) => ({ authorization: `Bearer ${accessToken}` });
const logIn = async (edge: string, { email, password }: Customer): Promise<Pair> => {
  const reply = await new ShopClient(edge).post('/api/auth/token', { body: { email, password } });
  expect(reply.status).toBe(200);
  return reply.body;
};
const refresh = (edge: string, refreshToken: string): Promise<Reply> =>
  new ShopClient(edge).post('/api/auth/token/refresh', { body: { refreshToken } });
const me = (edge: string, accessToken: string): Promise<Reply> =>
  new ShopClient(edge).get('/api/auth/me', { headers: bearer(accessToken) });

const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** A token's three parts, the first two decoded. */
const parts = (token: string) => {
  const [header = '', claims = '', signature = ''] = token.split('.');
  return { header: decoded(header), claims: decoded(claims), signed: `${header}.${claims}`, signature };
};

/** Runs a program of the API's image in a replica; what it is to do stands in its arguments. */
async function inReplica(...program: string[]): Promise<string> {
  const [replica] = await running('api');
  return await execIn(replica!.id, 'node', ...program);
}
const rotateKeys = async (...options: string[]) => {
  const said = await inReplica('apps/api/src/auth/token/rotate-keys.ts', ...options);
  return /signed with the key (\S+)\.$/m.exec(said)?.[1];
};

/** A token as the shop itself would sign it, whose time is over. */
const expiredToken = async (customerId: string): Promise<string> =>
  await inReplica(
    '--input-type=module',
    '--eval',
    `
    const at = (path) => import('/shop/' + path);
    const { loadConfig } = await at('apps/api/src/config.ts');
    const { openDatabase } = await at('packages/database/src/database.ts');
    const { derivedKey } = await at('apps/api/src/auth/token/derived-key.ts');
    const { privateKeysPurpose, SigningKeys } = await at('apps/api/src/auth/token/signing-keys.ts');
    const { signAccessToken } = await at('apps/api/src/auth/token/access-token.ts');
    const config = loadConfig();
    const db = openDatabase({ ...config.database, maxConnections: 1 });
    const secret = derivedKey(config.tokenSecret, privateKeysPurpose);
    const keys = new SigningKeys(db, { secret, maxAgeSeconds: config.tokens.keyMaxAgeSeconds });
    const customer = { id: '${customerId}', role: 'customer' };
    process.stdout.write(await signAccessToken(await keys.current(), customer, -1));
    await db.close();`,
  );

for (const [index, edge] of edges.entries()) {
  const otherEdge = edges[1 - index]!;

  test(`a program logs in, orders, reads its order back and refreshes through edge-${index + 1}`, async () => {
    const customer = await register(edge);
    const pair = await logIn(edge, customer);
    expect((await me(otherEdge, pair.accessToken)).body).toMatchObject({ id: customer.id });

    const [item] = await makeItems(edge, 1, 10);
    // It keeps the consistency cookie, as every client does, and no session.
    const program = new ShopClient(edge);
    const headers = bearer(pair.accessToken);
    const body = { items: [{ productId: item!.id, quantity: 3 }] };
    const order = await program.post('/api/orders', { key: randomUUID(), headers, body });
    expect(order.status).toBe(201);
    expect(String(order.headers['set-cookie'])).not.toContain('sid=');
    for (const at of [edge, otherEdge, edge, otherEdge]) {
      const read = await program.get(`/api/orders/${order.body.id}`, { headers, edge: at });
      expect([read.status, read.body.number]).toEqual([200, order.body.number]);
      const product = await program.get(`/api/products/${item!.slug}`, { headers, edge: at });
      expect([product.headers['x-cache'], product.body.stock]).toEqual(['BYPASS', 7]);
    }

    const next = await refresh(otherEdge, pair.refreshToken);
    expect(next.status).toBe(200);
    const list = await new ShopClient(edge).get('/api/orders', { headers: bearer(next.body.accessToken) });
    expect(list.status).toBe(200);
  });

  test(`a customer's token gives no admin rights and no access to other customers through edge-${index + 1}`, async () => {
    const [customer, stranger] = [await register(edge), await register(edge)];
    const [item] = await makeItems(edge, 1, 10);
    const [own, foreign] = [await logIn(edge, customer), await logIn(edge, stranger)];
    const order = await new ShopClient(edge).post('/api/orders', {
      key: randomUUID(),
      headers: bearer(foreign.accessToken),
      body: { items: [{ productId: item!.id, quantity: 1 }] },
    });
    const headers = bearer(own.accessToken);
    const read = await new ShopClient(edge).get(`/api/orders/${order.body.id}`, { headers });
    expect([read.status, read.body.code]).toEqual([404, 'not-found']);
    const cancelled = await new ShopClient(edge).post(`/api/orders/${order.body.id}/cancel`, { headers });
    expect(cancelled.status).toBe(404);
    const admin = await new ShopClient(edge).get('/api/admin/orders', { headers });
    expect([admin.status, admin.body.code]).toEqual([403, 'not-admin']);
  });

  test(`forged, altered and expired tokens are 401 through edge-${index + 1}, and say what is wrong`, async () => {
    const customer = await register(edge);
    const { accessToken } = await logIn(edge, customer);
    const { header, claims, signed, signature } = parts(accessToken);
    const stranger = generateKeyPairSync('ed25519').privateKey;
    const signedBy = (head: object) => {
      const text = `${encoded(head)}.${encoded(claims)}`;
      return `${text}.${sign(null, Buffer.from(text), stranger).toString('base64url')}`;
    };
    const withoutKey = `${encoded({ ...header, alg: 'none' })}.${encoded(claims)}.`;
    const { body: jwks } = await new ShopClient(edge).get('/api/.well-known/jwks.json');
    const published = jwks.keys.find(({ kid }: { kid: string }) => kid === header.kid);
    const shared = `${encoded({ ...header, alg: 'HS256' })}.${encoded(claims)}`;
    const forgeries = {
      'no algorithm': withoutKey,
      'the public key as a shared secret': `${shared}.${createHmac('sha256', Buffer.from(published.x, 'base64url')).update(shared).digest('base64url')}`,
      'another key under the name of ours': signedBy(header),
      'an unknown key': signedBy({ ...header, kid: randomUUID() }),
      'another role': `${encoded(header)}.${encoded({ ...claims, role: 'admin' })}.${signature}`,
      'a changed signature': `${signed}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
      nothing: '',
    };
    // The session of a cookie is no way out: the header goes first.
    const withCookie = new ShopClient(edge);
    await withCookie.login(customer.email, customer.password);
    for (const [forgery, token] of Object.entries(forgeries)) {
      const reply = await withCookie.get('/api/auth/me', { headers: bearer(token) });
      expect([forgery, reply.status, reply.body.code]).toEqual([forgery, 401, 'access-token-invalid']);
      expect(reply.headers['www-authenticate']).toContain('error="invalid_token"');
    }
    const late = await me(edge, await expiredToken(customer.id));
    expect([late.status, late.body.code]).toEqual([401, 'access-token-expired']);
    expect(late.headers['content-type']).toContain('application/problem+json');
    expect((await me(edge, accessToken)).status).toBe(200);
    const guest = await new ShopClient(edge).get('/api/auth/me');
    expect([guest.body.code, guest.headers['www-authenticate']]).toEqual([
      'not-authenticated',
      'Bearer realm="shop"',
    ]);
  });
}

test('two refreshes with one token at once, at both edges, are given the same successor', async () => {
  const pair = await logIn(edges[0], await register(edges[0]));
  const replies = await Promise.all([...edges, ...edges].map((edge) => refresh(edge, pair.refreshToken)));
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const successors = new Set(replies.map(({ body }) => body.refreshToken));
  expect(successors.size).toBe(1);
  const [successor] = successors;
  expect((await refresh(edges[1], successor)).status).toBe(200);
});

test('a refresh token that is used after its successor ends the login on both edges', async () => {
  const customer = await register(edges[0]);
  const stolen = await logIn(edges[0], customer);
  const unaffected = await logIn(edges[1], customer);
  const second = (await refresh(edges[0], stolen.refreshToken)).body;
  const third = (await refresh(edges[0], second.refreshToken)).body;
  const again = await refresh(edges[1], stolen.refreshToken);
  expect([again.status, again.body.code]).toEqual([401, 'refresh-token-reused']);
  for (const edge of edges) {
    const newest = await refresh(edge, third.refreshToken);
    expect([newest.status, newest.body.code]).toEqual([401, 'refresh-token-invalid']);
  }
  expect((await refresh(edges[0], unaffected.refreshToken)).status).toBe(200);
});

test('a revoked login gives no access token any more, and everywhere ends sessions too', async () => {
  const customer = await register(edges[0]);
  const [first, second] = [await logIn(edges[0], customer), await logIn(edges[1], customer)];
  const browser = new ShopClient(edges[0]);
  await browser.login(customer.email, customer.password);
  const revoke = (edge: string, body: object) =>
    new ShopClient(edge).post('/api/auth/token/revoke', { body });

  expect((await revoke(edges[0], { refreshToken: first.refreshToken })).status).toBe(204);
  expect((await revoke(edges[1], { refreshToken: first.refreshToken })).status).toBe(204);
  expect((await refresh(edges[1], first.refreshToken)).body.code).toBe('refresh-token-invalid');
  expect((await browser.get('/api/auth/me')).status).toBe(200);

  expect((await revoke(edges[1], { refreshToken: second.refreshToken, everywhere: true })).status).toBe(204);
  expect((await refresh(edges[0], second.refreshToken)).body.code).toBe('refresh-token-invalid');
  const { status, body } = await browser.get('/api/auth/me', { edge: edges[1] });
  expect([status, body.code]).toEqual([401, 'session-ended']);
});

test('wrong passwords for sessions and for tokens share one limit', async () => {
  const { email, password } = await register(edges[0]);
  const doors = ['/api/auth/token', '/api/auth/login'];
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 12; attempt += 1) {
    const body = { email, password: 'wrong password' };
    statuses.push((await new ShopClient(edges[attempt % 2]!).post(doors[attempt % 2]!, { body })).status);
  }
  expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
  for (const door of doors) {
    const reply = await new ShopClient(edges[0]).post(door, { body: { email, password } });
    expect([reply.status, reply.body.code]).toEqual([429, 'rate-limited']);
  }
});

test('the keys change while clients call: no call fails, and each replica accepts old and new tokens', async () => {
  // Three programs start in a replica, on a machine that may be busy.
  test.setTimeout(180_000);
  const customer = await register(edges[0]);
  const old = await logIn(edges[0], customer);
  const statuses: number[] = [];
  const calling = new AbortController();
  const clients = edges.map(async (edge) => {
    let { accessToken, refreshToken } = await logIn(edge, customer);
    while (!calling.signal.aborted) {
      statuses.push((await me(edge, accessToken)).status);
      const next = await refresh(edge, refreshToken);
      statuses.push(next.status);
      if (next.status === 200) ({ accessToken, refreshToken } = next.body);
      statuses.push((await me(edge, old.accessToken)).status);
      // All tests share one address and its limit of 200 calls a second.
      await sleep(100);
    }
  });
  const kids = [await rotateKeys(), await rotateKeys(), await rotateKeys()];
  calling.abort();
  await Promise.all(clients);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  expect(statuses.length).toBeGreaterThan(10);

  const { accessToken } = await logIn(edges[1], customer);
  expect(parts(accessToken).header.kid).toBe(kids.at(-1));
  const replicas = await running('api');
  const served = new Set<string>();
  await expect
    .poll(
      async () => {
        for (const token of [old.accessToken, accessToken]) {
          const reply = await me(edges[0], token);
          expect(reply.status).toBe(200);
          served.add(reply.servedBy);
        }
        return served.size;
      },
      { timeout: 30_000 },
    )
    .toBe(replicas.length);
  const { body } = await new ShopClient(edges[1]).get('/api/.well-known/jwks.json');
  const published = body.keys.map(({ kid }: { kid: string }) => kid);
  expect(published.slice(0, 3)).toEqual([...kids].reverse());
  expect(published).toContain(parts(old.accessToken).header.kid);
  expect(JSON.stringify(body)).not.toContain('"d"');
});

test('no replica accepts a token of a revoked key, and a refresh gives a token that works', async () => {
  // The keys are read every 30 s.
  test.setTimeout(180_000);
  const customer = await register(edges[0]);
  const leaked = await logIn(edges[0], customer);
  expect((await me(edges[0], leaked.accessToken)).status).toBe(200);
  await rotateKeys('--revoke');
  const next = (await refresh(edges[1], leaked.refreshToken)).body;
  expect((await me(edges[0], next.accessToken)).status).toBe(200);
  const replicas = await running('api');
  const refusing = new Set<string>();
  await expect
    .poll(
      async () => {
        const { status, servedBy } = await me(edges[0], leaked.accessToken);
        if (status === 401) refusing.add(servedBy);
        else refusing.delete(servedBy);
        return refusing.size;
      },
      { timeout: 120_000, intervals: [200] },
    )
    .toBe(replicas.length);
});
