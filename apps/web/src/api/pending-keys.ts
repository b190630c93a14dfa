/**
 * Idempotency keys of calls without an answer. If a person sends the same thing again after the page has given up, the
 * call has the same key. So an effect that did happen does not happen again.
 */
const pending = new Map<string, string>();

const fingerprint = async (request: Request) =>
  `${request.method} ${new URL(request.url).pathname} ${await request.clone().text()}`;

/** The key of this call; a new one if there is none yet. */
export async function keyFor(request: Request): Promise<string> {
  const name = await fingerprint(request);
  const key = pending.get(name) ?? crypto.randomUUID();
  pending.set(name, key);
  return key;
}

/** Called when an answer says what happened: the next call like this is a new one. */
export async function answered(request: Request): Promise<void> {
  pending.delete(await fingerprint(request));
}
