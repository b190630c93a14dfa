import session from '@fastify/session';
import type { User } from '@shop/contracts/accounts.ts';
import type { FastifyReply, FastifyRequest, Session } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { rememberingSigner } from '../plugins/remembering-signer.ts';
import { verifiedCookie } from '../plugins/verified-cookie.ts';
import { ProblemError } from '../problem-error.ts';
import type { Identity } from './guards.ts';
import { SessionStore, sessionIdHash } from './session.store.ts';
import { cookieAttributes, cookieName, renameCookie, sentCookieName } from './session-cookie.ts';
import { newSessionId, sessionKind } from './session-id.ts';
import { nextExpiry } from './sliding.ts';

declare module 'fastify' {
  interface Session {
    /** The customer of the session; none for a guest. */
    identity?: Identity;
    /** A customer's session: the account as it was when this copy was made. Copies of earlier releases have none. */
    user?: User;
    /** A customer's session: when it began, and when its row in Postgres expires. */
    loggedInAt?: string;
    expiresAt?: string;
    /** A guest's session: when its cookie was last given. */
    startedAt?: string;
  }
  interface FastifyContextConfig {
    /**
     * For calls that work without a session: they ignore an ended session or a bad access token. Other calls answer
     * 401.
     */
    ignoresEndedSession?: boolean;
  }
  interface FastifyInstance {
    sessionStore: SessionStore;
  }
  interface FastifyRequest {
    /**
     * The owner of the cart and of idempotency keys: `customer:<id>`, `session:<hash>`; null for a guest without a
     * session.
     */
    owner(): string | null;
    /** The id in a session cookie that we signed, also when that session has ended. */
    presentedSessionId(): string | null;
    /** Starts a session for a guest, before something is stored for that guest. After that `owner()` is not null. */
    startGuestSession(): Promise<void>;
    /** Continues as this customer, under a new id that Postgres already has. */
    startCustomerSession(sessionId: string, user: User, expiresAt: Date): Promise<void>;
    /** Read by the library's generator of ids. */
    nextSessionId: string | null;
  }
  interface FastifyReply {
    /** Removes the session from this request and clears its cookie. The caller has ended it in the stores. */
    dropSession(): FastifyReply;
  }
}

/**
 * Sessions: `request.identity` and `request.owner()`. The library loads a session before the handler and sets its
 * cookie afterwards. It must not write to a store after a handler, because an order may have committed by then. So the
 * code saves explicitly what must be kept, an unchanged session is not saved, and an error of the store does not end a
 * session.
 */
export default fp<{ config: Config }>(
  async (app, { config }) => {
    const signer = rememberingSigner(config.cookieSecret);
    const store = new SessionStore(
      app.db,
      { failFast: app.redisFailFast, waiting: app.redis, durable: app.redisDurable },
      { deadlineMs: config.requestDeadlineMs },
    );
    app.decorate('sessionStore', store);
    app.decorateRequest('identity', null);
    app.decorateRequest('nextSessionId', null);
    const life = { ttlSeconds: config.sessionTtlSeconds, maxAgeSeconds: config.sessionMaxAgeSeconds };

    // The library knows one cookie name, `sid`. Under TLS this hook reads the cookie with the other name and passes it
    // on as `sid`.
    app.addHook('onRequest', async (request) => {
      // An access token has priority over a cookie: the rest of this request sees no cookie.
      if (request.bearer) {
        delete request.cookies[cookieName];
        return;
      }
      const sentName = sentCookieName(request);
      const verified = verifiedCookie(request.headers.cookie, sentName, signer);
      request.cookies[cookieName] = verified ?? request.cookies[sentName];
    });
    // Without this store the library would keep sessions in the memory of this replica.
    const shared = config.brokenVariant !== 'sessions-in-memory';
    await app.register(session, {
      ...(shared && { store }),
      secret: signer,
      cookieName,
      cookie: { ...cookieAttributes, secure: 'auto', maxAge: config.sessionTtlSeconds * 1000 },
      // Redis has lost this guest's session. The guest keeps the id, because the cart and the keys belong to it.
      idGenerator: (request) => request?.nextSessionId ?? guestIdOf(request) ?? newSessionId('guest'),
      saveUninitialized: false,
      rolling: false,
    });
    app.addHook('onRequest', async (request, reply) => {
      const { session } = request;
      request.identity = request.bearer ?? session.identity ?? null;
      const id = request.presentedSessionId();
      if (id === null) return;
      if (session.identity) {
        await slide(reply, id, session);
      } else if (sessionKind(id) === 'customer') {
        // Without a session the library does not change the cookie, so later calls still answer that the session has
        // ended.
        (request as { session: unknown }).session = null;
        if (!request.routeOptions.config.ignoresEndedSession) throw new ProblemError('session-ended');
      }
    });
    /** Extends a session that is in use, in Postgres before the cookie, so that a cookie never outlives its row. */
    async function slide(reply: FastifyReply, id: string, session: Session): Promise<void> {
      const { loggedInAt, expiresAt } = session;
      if (!loggedInAt || !expiresAt) return;
      const next = nextExpiry(life, { loggedInAt: new Date(loggedInAt), expiresAt: new Date(expiresAt) });
      if (!next || !(await store.extend(id, session, next))) return;
      const signed = reply.request.cookies[cookieName] as string;
      const secure = reply.request.protocol === 'https';
      reply.setCookie(cookieName, signed, { ...cookieAttributes, secure, expires: next });
    }
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
      const id = this.session?.startedAt ? this.session.sessionId : this.presentedSessionId();
      return id && `session:${sessionIdHash(id)}`;
    });

    app.decorateRequest('startGuestSession', async function startGuestSession(this: FastifyRequest) {
      if (this.identity) return;
      // A late answer to a guest's call must not set the guest's cookie after a login: it would replace the customer's
      // cookie.
      if (!this.session.startedAt && guestIdOf(this)) return;
      const startedAt = new Date(this.session.startedAt ?? 0);
      const expiresAt = new Date(startedAt.getTime() + life.ttlSeconds * 1_000);
      // A guest's session has no maximum age: it ends one full lifetime after the last change of the cart.
      if (
        !nextExpiry(
          { ...life, maxAgeSeconds: Number.POSITIVE_INFINITY },
          { loggedInAt: startedAt, expiresAt },
        )
      )
        return;
      this.session.startedAt = new Date().toISOString();
      await this.session.save();
    });

    app.decorateRequest(
      'startCustomerSession',
      async function startCustomerSession(
        this: FastifyRequest,
        sessionId: string,
        user: User,
        expiresAt: Date,
      ) {
        this.nextSessionId = sessionId;
        // The cookie is not one of ours, so the library begins a new session. Its own `regenerate` would end the old
        // session first, and a guest would lose the cart if something failed in between.
        app.decryptSession('', this, () => {});
        const identity: Identity = { id: user.id, role: user.role };
        this.session.identity = identity;
        this.session.user = user;
        this.session.loggedInAt = new Date().toISOString();
        this.session.expiresAt = expiresAt.toISOString();
        await this.session.save();
        this.identity = identity;
      },
    );

    app.decorateReply('dropSession', function dropSession(this: FastifyReply) {
      this.request.identity = null;
      (this.request as { session: unknown }).session = null;
      const secure = this.request.protocol === 'https';
      return this.clearCookie(cookieName, { ...cookieAttributes, secure });
    });
  },
  { name: 'session', dependencies: ['@fastify/cookie', 'bearer', 'database', 'redis'] },
);

/** The id of a guest's session that the request names. */
function guestIdOf(request: FastifyRequest | undefined): string | null {
  const id = request?.presentedSessionId() ?? null;
  return id !== null && sessionKind(id) === 'guest' ? id : null;
}
