/** Asks the server to do something. @throws with the server's words when it refuses, or does not answer. */
export async function post(path: string, body: object = {}): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (answer.ok) return;
  const words = await answer.text();
  throw new Error(answer.headers.get('content-type')?.includes('json') ? JSON.parse(words).message : words);
}
