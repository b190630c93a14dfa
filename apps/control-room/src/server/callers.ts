import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/**
 * Why a request is refused, or `undefined`. Another name in `Host` means that a foreign name was made to resolve to this
 * machine (DNS rebinding): its pages would count as ours. `localhost` is refused, too: the shop's pages are there, and
 * would share our cookie.
 *
 * @param origin of the control room: `http://127.0.0.1:8090`.
 */
export function refusalOf(method: string, headers: IncomingHttpHeaders, origin: string): string | undefined {
  if (headers.host !== new URL(origin).host) return `The control room answers at ${origin} only.`;
  if (headers.origin !== undefined && headers.origin !== origin) return 'Another origin may not call this.';
  // Every browser names the origin of a call that may change something.
  if (headers.origin === undefined && method !== 'GET' && method !== 'HEAD')
    return 'A call must name its origin.';
  // `none`: the person followed the link of the terminal, or typed the address.
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    return 'Another site may not call this.';
  return undefined;
}

/** The links that work once, and the sessions that browsers got for them. All end with the process. */
export class Sessions {
  #link = secret();
  readonly #sessions = new Set<string>();

  /** The token of the link that was not used yet. */
  get link(): string {
    return this.#link;
  }

  /** Takes a link's token; it does not work again, and there is a new link. @returns the session, if it was right. */
  exchange(token: string): string | undefined {
    if (!same(token, this.#link)) return undefined;
    this.#link = secret();
    const session = secret();
    this.#sessions.add(session);
    return session;
  }

  has(session: string | undefined): boolean {
    return session !== undefined && [...this.#sessions].some((known) => same(known, session));
  }
}

/** 256 random bits, for an address or a cookie. */
const secret = () => randomBytes(32).toString('base64url');

/** Takes as long for a secret that is nearly right as for any other. */
const same = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));
const digest = (text: string) => createHash('sha256').update(text).digest();
