import type { FastifyReply, FastifyRequest } from 'fastify';

export const cookieName = 'sid';
/** Under TLS, browsers send a cookie with this prefix to this exact host only, and over TLS only. */
const secureCookieName = `__Host-${cookieName}`;

/** The name under which a browser sends the session's cookie on this connection. */
export const sentCookieName = ({ protocol }: FastifyRequest) =>
  protocol === 'https' ? secureCookieName : cookieName;

/** Scripts cannot read the cookie, and a browser sends it with no request that another site's page has caused. */
export const cookieAttributes = { path: '/', httpOnly: true, sameSite: 'lax' } as const;

/** Under TLS: gives the cookie that the library has set its other name. */
export function renameCookie(reply: FastifyReply): void {
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
