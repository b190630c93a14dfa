type Signer = { unsign(value: string): { valid: boolean } };

/**
 * The value of the first cookie of this name whose signature verifies. A browser sends all cookies of this name that
 * fit the address, in an order that the shop does not control. Another program on the same host may have set one of
 * them.
 *
 * @param header the `Cookie` header as sent.
 */
export function verifiedCookie(header: string | undefined, name: string, signer: Signer): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at < 0 || pair.slice(0, at).trim() !== name) continue;
    const value = decoded(pair.slice(at + 1).trim());
    if (signer.unsign(value).valid) return value;
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
