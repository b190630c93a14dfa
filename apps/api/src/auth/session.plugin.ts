import cookie from '@fastify/cookie';
import session from '@fastify/session';
import type { FastifyReply, FastifyRequest, Session } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { ProblemError } from '../problem-error.ts';
import type { Identity } from './guards.ts';
import { SessionStore, sessionIdHash } from './session.store.ts';
import { newSessionId, sessionKind } from './session-id.ts';
import { nextExpiry } from './sliding.ts';
import { verifiedCookie } from './verified-cookie.ts';

declare module 'fastify' {
  interface Session {
    /** Who is logged in. */
    identity?: Identity;
    /** A customer's session: when it began, and when its row in Postgres expires. */
    loggedInAt?: string;
    expiresAt?: string;
    /** A guest's session: when its cookie was last given. */
    startedAt?: string;
  }
  interface FastifyContextConfig {
    /** For calls that a customer's ended session does not concern: the others answer it 401 `session-ended`. */
    ignoresEndedSession?: boolean;
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
    startCustomerSession(sessionId: string, identity: Identity, expiresAt: Date): Promise<void>;
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
      { deadlineMs: config.requestDeadlineMs },
    );
    app.decorate('sessionStore', store);
    app.decorateRequest('identity', null);
    app.decorateRequest('nextSessionId', null);
    const life = { ttlSeconds: config.sessionTtlSeconds, maxAgeSeconds: config.sessionMaxAgeSeconds };

    // The library knows one name of its cookie, `sid`: under TLS the other one is read and written in its place.
    app.addHook('onRequest', async (request) => {
      const sentName = request.protocol === 'https' ? secureCookieName : cookieName;
      const verified = verifiedCookie(request.headers.cookie, sentName, signer);
      request.cookies[cookieName] = verified ?? request.cookies[sentName];
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
      // A guest of whom Redis knows no more keeps the id, which the cart and its keys belong to.
      idGenerator: (request) => request?.nextSessionId ?? guestIdOf(request) ?? newSessionId('guest'),
      saveUninitialized: false,
      rolling: false,
    });
    app.addHook('onRequest', async (request, reply) => {
      const { session } = request;
      request.identity = session.identity ?? null;
      const id = request.presentedSessionId();
      if (id === null) return;
      if (session.identity) {
        await slide(reply, id, session);
      } else if (sessionKind(id) === 'customer') {
        // Without a session the library leaves the cookie alone: the shopper still has to learn what became of it.
        (request as { session: unknown }).session = null;
        if (!request.routeOptions.config.ignoresEndedSession) throw new ProblemError('session-ended');
      }
    });
    /** Moves the expiry of a session that is in use, in Postgres before the cookie: a cookie never outlives its row. */
    async function slide(reply: FastifyReply, id: string, session: Session): Promise<void> {
      const { loggedInAt, expiresAt } = session;
      if (!loggedInAt || !expiresAt) return;
      const next = nextExpiry(life, { loggedInAt: new Date(loggedInAt), expiresAt: new Date(expiresAt) });
      if (!next || !(await store.extend(id, session, next))) return;
      const signed = reply.request.cookies[cookieName] as string;
      reply.setCookie(cookieName, signed, {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: reply.request.protocol === 'https',
        expires: next,
      });
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
      // A guest's late call after the login must not give its cookie again: it would replace the customer's.
      if (!this.session.startedAt && guestIdOf(this)) return;
      const startedAt = new Date(this.session.startedAt ?? 0);
      const expiresAt = new Date(startedAt.getTime() + life.ttlSeconds * 1_000);
      // A guest's session has no greatest age: it ends a whole life after the last change of the cart.
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
        identity: Identity,
        expiresAt: Date,
      ) {
        this.nextSessionId = sessionId;
        // No cookie of ours, so the library begins a new session; its own `regenerate` ends the old one first,
        // which would cost a guest the cart when something fails in between.
        app.decryptSession('', this, () => {});
        this.session.identity = identity;
        this.session.loggedInAt = new Date().toISOString();
        this.session.expiresAt = expiresAt.toISOString();
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

/** The id of a guest's session that the request names. */
function guestIdOf(request: FastifyRequest | undefined): string | null {
  const id = request?.presentedSessionId() ?? null;
  return id !== null && sessionKind(id) === 'guest' ? id : null;
}

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
