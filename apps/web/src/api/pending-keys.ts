/**
 * Idempotency keys of calls without an answer. When a person sends the same thing again after the page has
 * given up, it carries the same key: so what was done after all is not done twice.
 */
const pending = new Map<string, string>();

const fingerprint = async (request: Request) =>
  `${request.method} ${new URL(request.url).pathname} ${await request.clone().text()}`;

/** The key of this call, made when it is new. */
export async function keyFor(request: Request): Promise<string> {
  const name = await fingerprint(request);
  const key = pending.get(name) ?? crypto.randomUUID();
  pending.set(name, key);
  return key;
}

/** An answer says what became of the call: the next call like this is a new one. */
export async function answered(request: Request): Promise<void> {
  pending.delete(await fingerprint(request));
}
