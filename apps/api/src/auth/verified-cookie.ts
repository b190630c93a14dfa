type Signer = { unsign(value: string): { valid: boolean } };

/**
 * The value of the first cookie of this name whose signature verifies. A browser sends every cookie of a name that suits
 * the address, also those that another program on this host has set, in an order that we do not choose.
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
