import { timingSafeEqual } from 'node:crypto';
import cookie from '@fastify/cookie';

/** Each takes some 300 bytes. */
const maxRemembered = 2_000;

/** Takes as long whichever characters differ, so that the time of a refusal tells nothing about a signature. */
function isSame(given: string, known: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(known)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/**
 * Signs cookies, and remembers the signatures that it has made or verified. A request verifies its session's cookie
 * three times and signs it once, because each layer asks for itself, and the next request of the session does the same:
 * each time would cost an HMAC.
 */
export function rememberingSigner(secret: string): Pick<cookie.Signer, 'sign' | 'unsign'> {
  const signer = new cookie.Signer(secret);
  /** What was signed, by its value, the oldest first. A text that does not verify is never in it. */
  const known = new Map<string, string>();
  const remember = (value: string, signed: string) => {
    known.set(value, signed);
    const [oldest] = known.keys();
    if (known.size > maxRemembered) known.delete(oldest as string);
    return signed;
  };
  return {
    sign: (value) => known.get(value) ?? remember(value, signer.sign(value)),
    unsign(signed) {
      const value = signed.slice(0, Math.max(0, signed.lastIndexOf('.')));
      const before = known.get(value);
      if (before !== undefined && isSame(signed, before)) return { valid: true, renew: false, value };
      const unsigned = signer.unsign(signed);
      if (unsigned.valid) remember(unsigned.value, signed);
      return unsigned;
    },
  };
}
