import { randomBytes } from 'node:crypto';
import cookie from '@fastify/cookie';
import session from '@fastify/session';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import type { Identity } from './guards.ts';
import { SessionStore, sessionIdHash } from './session.store.ts';

declare module 'fastify' {
  interface Session {
    /** Who is logged in. */
    identity?: Identity;
    /** A guest's session: when its first cart was begun. */
    startedAt?: string;
  }
  interface FastifyInstance {
    sessionStore: SessionStore;
  }
  interface FastifyRequest {
    /** Whose cart and whose idempotency keys: `customer:<id>`, `session:<hash>`; null for a guest without a session. */
    owner(): string | null;
    /** The id in a session cookie that we signed, also when that session has ended. */
    presentedSessionId(): string | null;
    /** Gives a guest who is about to keep something a session; after that `owner()` is not null. */
    startGuestSession(): Promise<void>;
    /** Goes on as this customer under a new id, of which Postgres knows already. */
    startCustomerSession(sessionId: string, identity: Identity): Promise<void>;
    /** For the library's generator of ids. */
    nextSessionId: string | null;
  }
  interface FastifyReply {
    /** Forgets the session; the caller has ended it in the stores. */
    dropSession(): FastifyReply;
  }
}

const cookieName = 'sid';
/** Under TLS browsers tie a cookie of this prefix to this very host, and send it over TLS only. */
const secureCookieName = `__Host-${cookieName}`;

/** 256 bits. */
export const newSessionId = () => randomBytes(32).toString('base64url');

/**
 * Sessions: `request.identity` and `request.owner()`. The library loads a session before the handler and sets its
 * cookie afterwards. It never writes on its own after a handler, when an order may have committed: what is to be
 * kept is saved explicitly, an unchanged session is not saved, and a store that fails is no end of a session.
 */
export default fp<{ config: Config }>(
  async (app, { config }) => {
    const signer = new cookie.Signer(config.cookieSecret);
    const store = new SessionStore(
      app.db,
      { failFast: app.redisFailFast, waiting: app.redis, durable: app.redisDurable },
      { ttlSeconds: config.sessionTtlSeconds, deadlineMs: config.requestDeadlineMs },
    );
    app.decorate('sessionStore', store);
    app.decorateRequest('identity', null);
    app.decorateRequest('nextSessionId', null);

    // The library knows one name of its cookie, `sid`: under TLS the other one is read and written in its place.
    app.addHook('onRequest', async (request) => {
      if (request.protocol === 'https') request.cookies[cookieName] = request.cookies[secureCookieName];
    });
    // Without a store of ours the library keeps sessions in the memory of this replica.
    const shared = config.brokenVariant !== 'sessions-in-memory';
    await app.register(session, {
      ...(shared && { store }),
      secret: signer,
      cookieName,
      cookie: {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: 'auto',
        maxAge: config.sessionTtlSeconds * 1000,
      },
      idGenerator: (request) => request?.nextSessionId ?? newSessionId(),
      saveUninitialized: false,
      rolling: false,
    });
    app.addHook('onRequest', async (request) => {
      request.identity = request.session.identity ?? null;
    });
    app.addHook('onSend', async (request, reply) => {
      if (request.protocol === 'https') renameCookie(reply);
    });

    app.decorateRequest('presentedSessionId', function presentedSessionId(this: FastifyRequest) {
      const sent = this.cookies[cookieName];
      const { valid, value } = sent ? signer.unsign(sent) : { valid: false, value: null };
      return valid ? value : null;
    });

    app.decorateRequest('owner', function owner(this: FastifyRequest) {
      if (this.identity) return `customer:${this.identity.id}`;
      const id = this.session.startedAt ? this.session.sessionId : this.presentedSessionId();
      return id && `session:${sessionIdHash(id)}`;
    });

    app.decorateRequest('startGuestSession', async function startGuestSession(this: FastifyRequest) {
      if (this.identity || this.session.startedAt) return;
      this.session.startedAt = new Date().toISOString();
      await this.session.save();
    });

    app.decorateRequest(
      'startCustomerSession',
      async function startCustomerSession(this: FastifyRequest, sessionId: string, identity: Identity) {
        this.nextSessionId = sessionId;
        // No cookie of ours, so the library begins a new session; its own `regenerate` ends the old one first,
        // which would cost a guest the cart when something fails in between.
        app.decryptSession('', this, () => {});
        this.session.identity = identity;
        await this.session.save();
        this.identity = identity;
      },
    );

    app.decorateReply('dropSession', function dropSession(this: FastifyReply) {
      this.request.identity = null;
      (this.request as { session: unknown }).session = null;
      return this.clearCookie(cookieName, {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: this.request.protocol === 'https',
      });
    });
  },
  { name: 'session', dependencies: ['@fastify/cookie', 'database', 'redis'] },
);

function renameCookie(reply: FastifyReply): void {
  const cookies = [reply.getHeader('set-cookie') ?? []].flat().map(String);
  if (!cookies.some((text) => text.startsWith(`${cookieName}=`))) return;
  reply.removeHeader('set-cookie');
  reply.header(
    'set-cookie',
    cookies.map((text) =>
      text.startsWith(`${cookieName}=`) ? withSecure(text.replace(cookieName, secureCookieName)) : text,
    ),
  );
}

/** The library clears a cookie without this attribute; browsers ignore such a cookie of that name. */
const withSecure = (text: string) => (/; Secure/i.test(text) ? text : `${text}; Secure`);
