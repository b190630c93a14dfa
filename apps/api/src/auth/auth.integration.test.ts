import { createHash, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { sessions } from '@shop/database/schema/sessions.ts';
import { anEmail } from '@shop/testing/factories.ts';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, buildTestApp, noRedis } from '../../testing/app.ts';
import { TestClient } from '../../testing/client.ts';
import { makeProduct, signUp, signUpAdmin } from '../../testing/factories.ts';
import { SessionStore } from './session.store.ts';

let app: App;
beforeAll(async () => {
  app = await buildTestApp();
});
afterAll(() => app.close());

const someone = () => ({ email: anEmail(), password: 'correct horse', name: 'Ada Lovelace' });
const keyed = (key: string) => ({ 'idempotency-key': key });
const idOf = (client: TestClient) => decodeURIComponent(client.cookies.get('sid')!).split('.')[0]!;
const hashOf = (id: string) => createHash('sha256').update(id).digest('hex');
const redisKey = (client: TestClient) => `session:${hashOf(idOf(client))}`;

const storeOf = ({ db, redisFailFast: failFast, redis: waiting, redisDurable: durable }: App) =>
  new SessionStore(db, { failFast, waiting, durable }, { deadlineMs: 8_000 });

describe('POST /api/auth/register', () => {
  it('answers 201 with the user, logged in, the e-mail in lower case', async () => {
    const client = new TestClient(app);
    const body = { ...someone(), email: anEmail().toUpperCase() };
    const response = await client.post('/api/auth/register', body);
    expect(response.statusCode).toBe(201);
    expect(response.json()).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      email: body.email.toLowerCase(),
      name: body.name,
      role: 'customer',
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      notMerged: [],
    });
    const { notMerged: _, ...user } = response.json();
    expect((await client.get('/api/auth/me')).json()).toEqual(user);
  });

  it('sets a cookie that scripts cannot read and other sites do not send', async () => {
    const response = await new TestClient(app).post('/api/auth/register', someone());
    expect(response.cookies.find(({ name }) => name === 'sid')).toMatchObject({
      path: '/',
      httpOnly: true,
      sameSite: 'Lax',
    });
    expect(String(response.headers['set-cookie'])).not.toMatch(/secure/i);
  });

  it('answers 409 email-taken, whatever the case of the letters', async () => {
    const body = someone();
    await new TestClient(app).post('/api/auth/register', body);
    const again = { ...body, email: body.email.toUpperCase() };
    const response = await new TestClient(app).post('/api/auth/register', again);
    expect(response.json()).toMatchObject({ status: 409, code: 'email-taken' });
    expect(response.cookies).toEqual([]);
  });

  it.each([
    ['a password of 7', { password: '1234567' }, '/body/password'],
    ['a password of 129', { password: 'x'.repeat(129) }, '/body/password'],
    ['no e-mail address', { email: 'nobody' }, '/body/email'],
    ['an e-mail of 255', { email: `${'a'.repeat(64)}@${'b'.repeat(186)}.com` }, '/body/email'],
    ['an empty name', { name: '' }, '/body/name'],
    ['a name of 101', { name: 'x'.repeat(101) }, '/body/name'],
    ['a NUL', { name: 'a\u0000b' }, '/body/name'],
    ['a role that the client chose', { role: 'admin' }, '/body/role'],
  ])('refuses %s and names it', async (_case, change, path) => {
    const response = await new TestClient(app).post('/api/auth/register', { ...someone(), ...change });
    expect(response.json()).toMatchObject({ status: 422, code: 'validation-failed', errors: [{ path }] });
  });

  it('lets one of twenty concurrent registrations have an e-mail', async () => {
    const body = someone();
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async () => {
        return (await new TestClient(app).post('/api/auth/register', body)).statusCode;
      }),
    );
    expect(statuses.sort()).toEqual([201, ...Array(19).fill(409)]);
  });
});

describe('a repeated registration with its key', () => {
  const register = async (client: TestClient, body: object, key: string) => {
    const response = await client.post('/api/auth/register', body, keyed(key));
    return { response, me: await client.get('/api/auth/me') };
  };

  it.each(['no cookie', 'the new cookie', 'the cookie of a guest'])(
    'with %s: the first answer, logged in',
    async (which) => {
      const [body, key, product] = [someone(), randomUUID(), await makeProduct(app)];
      const client = new TestClient(app);
      if (which === 'the cookie of a guest') {
        await client.put(`/api/cart/items/${product.id}`, { quantity: 1 });
        expect(client.cookies.has('sid')).toBe(true);
      }
      const before = client.copy();
      const first = await register(client, body, key);
      expect(first.response.statusCode).toBe(201);

      const again = await register(which === 'the new cookie' ? client : before, body, key);
      expect(again.response.statusCode).toBe(201);
      expect(again.response.headers['idempotency-replayed']).toBe('true');
      expect(again.response.body).toBe(first.response.body);
      expect({ ...again.me.json(), notMerged: [] }).toEqual(first.response.json());
    },
  );

  it('belongs to its e-mail address: another address may use the same key', async () => {
    const key = randomUUID();
    const [first, second] = [
      await register(new TestClient(app), someone(), key),
      await register(new TestClient(app), someone(), key),
    ];
    expect([first.response.statusCode, second.response.statusCode]).toEqual([201, 201]);
    expect(second.response.headers['idempotency-replayed']).toBeUndefined();
    expect(second.me.json().id).not.toBe(first.me.json().id);
  });

  it('counts as the same call when the address has another Unicode form or case', async () => {
    const [body, key] = [{ ...someone(), password: 'Gr\u00fcn genug', name: 'Zo\u00eb' }, randomUUID()];
    const first = await register(new TestClient(app), body, key);
    const other = {
      email: body.email.toUpperCase(),
      password: body.password.normalize('NFD'),
      name: ` ${body.name.normalize('NFD')} `,
    };
    const again = await register(new TestClient(app), other, key);
    expect(again.response.body).toBe(first.response.body);
  });

  it('is answered for a guest that had no cookie the first time', async () => {
    const [body, key, product] = [someone(), randomUUID(), await makeProduct(app)];
    const first = await register(new TestClient(app), body, key);
    const guest = new TestClient(app);
    await guest.put(`/api/cart/items/${product.id}`, { quantity: 1 });
    const again = await register(guest, body, key);
    expect(again.response.body).toBe(first.response.body);
    expect(again.me.statusCode).toBe(200);
  });

  it('never logs in a client that does not know the password', async () => {
    const [body, key] = [someone(), randomUUID()];
    await register(new TestClient(app), body, key);
    const other = await register(new TestClient(app), { ...body, password: 'a guess of it' }, key);
    expect(other.response.json()).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
    expect(other.me.statusCode).toBe(401);
    const unkeyed = await new TestClient(app).post('/api/auth/register', body);
    expect(unkeyed.json()).toMatchObject({ code: 'email-taken' });
  });

  it('makes one account of ten at once', async () => {
    const [body, key] = [someone(), randomUUID()];
    const results = await Promise.all(
      Array.from({ length: 10 }, () => register(new TestClient(app), body, key)),
    );
    expect(results.map(({ response }) => response.statusCode)).toEqual(Array(10).fill(201));
    expect(new Set(results.map(({ me }) => me.json().id)).size).toBe(1);
  });

  it('refuses a key that is malformed', async () => {
    for (const key of ['', 'x'.repeat(256), 'schlüssel']) {
      const response = await new TestClient(app).post('/api/auth/register', someone(), keyed(key));
      expect(response.json()).toMatchObject({ status: 400, code: 'idempotency-key-invalid' });
    }
  });
});

describe('POST /api/auth/login', () => {
  it('answers 200 with the user under a new session id, and the old id is no longer valid', async () => {
    const { client, user, password } = await signUp(app);
    const old = client.copy();
    const response = await client.post('/api/auth/login', { email: user.email.toUpperCase(), password });
    expect([response.statusCode, response.json()]).toEqual([200, { ...user, notMerged: [] }]);
    expect(idOf(client)).not.toBe(idOf(old));
    expect((await client.get('/api/auth/me')).statusCode).toBe(200);
    expect((await old.get('/api/auth/me')).json()).toMatchObject({ status: 401, code: 'session-ended' });
  });

  it('answers 401 invalid-credentials for a wrong password and for an unknown e-mail, and keeps the session', async () => {
    const { client, user } = await signUp(app);
    for (const email of [user.email, anEmail()]) {
      const response = await client.post('/api/auth/login', { email, password: 'wrong password' });
      expect(response.json()).toMatchObject({ status: 401, code: 'invalid-credentials' });
      expect(response.cookies).toEqual([]);
    }
    expect((await client.get('/api/auth/me')).json()).toEqual(user);
  });

  it('takes as much work for an unknown e-mail as for a wrong password', async () => {
    const { user } = await signUp(app);
    const client = new TestClient(app);
    // Time of the processor, not of the clock: what else the machine does in the meantime does not count.
    const workedMs = async (email: string) => {
      const from = process.cpuUsage();
      await client.post('/api/auth/login', { email, password: 'wrong password' });
      const { user: inUs, system } = process.cpuUsage(from);
      return (inUs + system) / 1000;
    };
    await workedMs(anEmail());
    const known: number[] = [];
    const unknown: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      known.push(await workedMs(user.email));
      unknown.push(await workedMs(anEmail()));
    }
    const median = (times: number[]) => times.sort((a, b) => a - b)[4]!;
    // Without a hash to check, an unknown e-mail would take a tenth of the work.
    expect(median(unknown)).toBeGreaterThan(median(known) / 2);
    expect(median(known)).toBeGreaterThan(median(unknown) / 2);
  });

  it('answers 429 after ten failures, also to the right password, and says for how long', async () => {
    const { user, password } = await signUp(app);
    const client = new TestClient(app);
    for (let failure = 0; failure < 10; failure += 1) {
      const response = await client.post('/api/auth/login', {
        email: user.email,
        password: 'wrong password',
      });
      expect(response.statusCode).toBe(401);
    }
    const response = await client.post('/api/auth/login', { email: user.email, password });
    expect(response.json()).toMatchObject({ status: 429, code: 'rate-limited' });
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(800);
    expect(Number(response.headers['retry-after'])).toBeLessThanOrEqual(900);
  });

  it('lets ten of a hundred wrong passwords at once be tried, and refuses the rest', async () => {
    const { user } = await signUp(app);
    const other = await buildTestApp();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        new TestClient(n % 2 ? app : other).post('/api/auth/login', {
          email: user.email,
          password: `wrong password ${n}`,
        }),
      ),
    );
    const of = (code: number) => answers.filter(({ statusCode }) => statusCode === code);
    expect([of(401).length, of(429).length]).toEqual([10, 90]);
    for (const refused of of(429)) expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    await other.close();
  });

  it('neither counts a success nor resets the failures after it', async () => {
    const { user, password } = await signUp(app);
    const client = new TestClient(app);
    const logIn = async (sent: string) =>
      (await client.post('/api/auth/login', { email: user.email, password: sent })).statusCode;
    for (let round = 0; round < 5; round += 1) {
      expect([await logIn('wrong password'), await logIn(password), await logIn(password)]).toEqual([
        401, 200, 200,
      ]);
      expect(await logIn('another wrong one')).toBe(401);
    }
    expect(await logIn('wrong password')).toBe(429);
  });

  it('counts failures for the window of the first', async () => {
    const { user } = await signUp(app);
    const key = `logins:${hashOf(user.email)}`;
    const fail = () =>
      new TestClient(app).post('/api/auth/login', { email: user.email, password: 'wrong one' });
    await fail();
    // As if the window had begun a while ago.
    expect(await app.redis.expire(key, 600)).toBe(1);
    await fail();
    expect(await app.redis.ttl(key)).toBeLessThanOrEqual(600);
    expect(await app.redis.hget(key, 'failed')).toBe('2');
  });

  it('tells concurrent right passwords to wait at most a second', async () => {
    const { user, password } = await signUp(app);
    const answers = await Promise.all(
      Array.from({ length: 30 }, () =>
        new TestClient(app).post('/api/auth/login', { email: user.email, password }),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toContain(200);
    for (const { statusCode, headers } of answers) {
      expect([200, 429]).toContain(statusCode);
      if (statusCode === 429) expect(headers['retry-after']).toBe('1');
    }
    const after = await new TestClient(app).post('/api/auth/login', { email: user.email, password });
    expect(after.statusCode).toBe(200);
  });

  it('adds the cart of the guest to that of the customer', async () => {
    const [product, other] = [await makeProduct(app), await makeProduct(app)];
    const { client, user, password } = await signUp(app);
    await client.put(`/api/cart/items/${product.id}`, { quantity: 60 });
    const guest = new TestClient(app);
    await guest.put(`/api/cart/items/${product.id}`, { quantity: 50 });
    await guest.put(`/api/cart/items/${other.id}`, { quantity: 2 });
    await guest.post('/api/auth/login', { email: user.email, password });
    const quantities = (await guest.get('/api/cart'))
      .json()
      .items.map((item: { quantity: number }) => item.quantity);
    expect(quantities.sort()).toEqual([2, 99]);
  });

  it('tells the role of an admin', async () => {
    expect((await signUpAdmin(app)).user.role).toBe('admin');
  });
});

describe('POST /api/auth/logout', () => {
  it('answers 204 and ends the session on every replica', async () => {
    const other = await buildTestApp();
    const { client } = await signUp(app);
    const before = client.copy();
    const response = await client.post('/api/auth/logout');
    expect([response.statusCode, response.body]).toEqual([204, '']);
    expect(client.cookies.has('sid')).toBe(false);
    for (const replica of [app, other]) {
      const stale = new TestClient(replica);
      stale.cookies.set('sid', before.cookies.get('sid')!);
      expect((await stale.get('/api/auth/me')).statusCode).toBe(401);
    }
    await other.close();
  });

  it('answers 204 also without a session and with a forged cookie', async () => {
    const { client } = await signUp(app);
    const before = client.copy();
    for (const one of [client, before, new TestClient(app)]) {
      expect((await one.post('/api/auth/logout')).statusCode).toBe(204);
    }
    before.cookies.set('sid', 'made.up');
    expect((await before.post('/api/auth/logout')).statusCode).toBe(204);
  });

  it('is not undone by a copy that is written late', async () => {
    const { client } = await signUp(app);
    const before = client.copy();
    const session = JSON.parse((await app.redis.get(redisKey(client)))!);
    await client.post('/api/auth/logout');
    // What a request does that asked Postgres just before the logout.
    await promisify(storeOf(app).set)(idOf(before), session);
    expect((await before.get('/api/auth/me')).statusCode).toBe(401);
  });
});

describe('a login', () => {
  it('outlives the loss of its copy in Redis, which is made again', async () => {
    const { client, user } = await signUp(app);
    expect(await app.redis.del(redisKey(client))).toBe(1);
    const answers = await Promise.all(Array.from({ length: 10 }, () => client.get('/api/auth/me')));
    expect(answers.map((answer) => answer.json())).toEqual(Array(10).fill(user));
    expect(await app.redis.exists(redisKey(client))).toBe(1);
  });

  it('has a copy for a minute at most, so that what Postgres alone was told takes effect', async () => {
    const { client } = await signUp(app);
    for (const copy of ['of the login', 'that was made again']) {
      const ttl = await app.redis.ttl(redisKey(client));
      expect([copy, ttl > 0, ttl <= 60]).toEqual([copy, true, true]);
      await app.redis.del(redisKey(client));
      await client.get('/api/auth/me');
    }
  });

  it('holds, and can be begun, on a replica whose Redis is away', async () => {
    const alone = await buildTestApp({ redis: noRedis });
    const { client, user, password } = await signUp(app);
    const there = new TestClient(alone);
    there.cookies.set('sid', client.cookies.get('sid')!);
    expect((await there.get('/api/auth/me')).json()).toEqual(user);
    const login = await new TestClient(alone).post('/api/auth/login', { email: user.email, password });
    expect(login.json()).toEqual({ ...user, notMerged: [] });
    await alone.close();
  });

  it('is not taken from a guest while Redis is away: the request waits', async () => {
    const guest = new TestClient(app);
    await guest.put(`/api/cart/items/${(await makeProduct(app)).id}`, { quantity: 1 });
    const alone = await buildTestApp({ redis: noRedis, requestDeadlineMs: 1_000 });
    const there = new TestClient(alone);
    there.cookies.set('sid', guest.cookies.get('sid')!);
    // The first needs Redis for the session alone.
    for (const path of ['/api/auth/me', '/api/cart']) {
      const response = await there.get(path);
      expect(response.json()).toMatchObject({ status: 504, code: 'deadline-exceeded' });
      expect(response.cookies).toEqual([]);
    }
    await alone.close();
  });

  it('ends when it expires', async () => {
    const { client } = await signUp(app);
    await app.redis.del(redisKey(client));
    await app.db.primary.transaction((tx) =>
      tx
        .update(sessions)
        .set({ expiresAt: new Date() })
        .where(eq(sessions.idHash, hashOf(idOf(client)))),
    );
    // By the clock of Postgres: the replica's own would end it, too, if both agree.
    expect(await promisify(storeOf(app).get)(idOf(client))).toBeNull();
    expect((await client.get('/api/auth/me')).statusCode).toBe(401);
  });

  it('is stored under a hash of its id only', async () => {
    const { client } = await signUp(app);
    const rows = await app.db.replica('primary').read((tx) =>
      tx
        .select()
        .from(sessions)
        .where(eq(sessions.idHash, hashOf(idOf(client)))),
    );
    expect(rows).toHaveLength(1);
    expect(await app.redis.exists(`session:${idOf(client)}`)).toBe(0);
  });

  it('does not trust a cookie with another signature', async () => {
    const { client } = await signUp(app);
    const [id, signature = ''] = decodeURIComponent(client.cookies.get('sid')!).split('.');
    const forged = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
    client.cookies.set('sid', `${id}.${forged}`);
    expect((await client.get('/api/auth/me')).statusCode).toBe(401);
  });

  it('is not started for a visitor that stores nothing', async () => {
    const response = await new TestClient(app).get('/api/whoami');
    expect(response.cookies).toEqual([]);
  });
});

describe('under TLS', () => {
  it('the cookie is __Host-sid and secure, from login to logout', async () => {
    const client = new TestClient(app, { https: true });
    const response = await client.post('/api/auth/register', someone());
    const cookie = response.cookies.find(({ name }) => name === '__Host-sid');
    expect(cookie).toMatchObject({ secure: true, httpOnly: true, sameSite: 'Lax', path: '/' });
    expect(cookie).not.toHaveProperty('domain');
    expect([...client.cookies.keys()].sort()).toEqual(['__Host-sid', 'watermark']);
    expect((await client.get('/api/auth/me')).statusCode).toBe(200);
    await client.post('/api/auth/logout');
    expect(client.cookies.has('__Host-sid')).toBe(false);
    expect((await client.get('/api/auth/me')).statusCode).toBe(401);
  });

  it('a cookie that came without TLS does not count', async () => {
    const { client } = await signUp(app);
    const tls = new TestClient(app, { https: true });
    tls.cookies.set('sid', client.cookies.get('sid')!);
    expect((await tls.get('/api/auth/me')).statusCode).toBe(401);
  });
});

describe('GET /api/auth/me', () => {
  it('answers 401 to a guest', async () => {
    const response = await new TestClient(app).get('/api/auth/me');
    expect(response.json()).toMatchObject({
      status: 401,
      code: 'not-authenticated',
      type: '/errors/not-authenticated',
    });
    expect(response.headers['content-type']).toBe('application/problem+json');
  });

  it('finds an account that the replicas may not have yet, without a watermark', async () => {
    const { client, user } = await signUp(app);
    client.cookies.delete('watermark');
    expect((await client.get('/api/auth/me')).json()).toEqual(user);
  });
});
