import { hkdfSync } from 'node:crypto';

/**
 * A key of 32 bytes for one purpose, derived from a secret that serves several purposes (RFC 5869). The key of one
 * purpose does not reveal another.
 */
export function derivedKey(secret: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', purpose, 32));
}
