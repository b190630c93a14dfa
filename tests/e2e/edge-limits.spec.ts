/** What one address may ask of an edge: what is above it reaches no replica. */
import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { type Behaviour, EdgeAlone } from './edge-alone.ts';
import { type RawReply, send } from './edge-client.ts';

/** Sends `calls` at once to an edge with these settings. @returns the answers, and how many calls reached a replica. */
async function callAtOnce(settings: Record<string, string>, calls: number, behaviour: Behaviour) {
  const edge = new EdgeAlone();
  try {
    await edge.start(settings);
    const path = `/api/whoami?${randomUUID()}`;
    const head = [`GET ${path} HTTP/1.1`, 'Host: edge', `X-Behaviour: ${behaviour}`];
    const replies = await Promise.all(Array.from({ length: calls }, () => send(edge.url, head)));
    const served = replies.filter(({ status }) => status === 200).length;
    return { replies, delivered: (await edge.deliveries(path, served)).length };
  } finally {
    await edge.stop();
  }
}

function expectRefusals({ replies, delivered }: { replies: RawReply[]; delivered: number }, code: string) {
  const refused = replies.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  for (const { headers, body } of refused) {
    expect(JSON.parse(body).code).toBe(code);
    expect(headers['x-served-by']).toBe('edge-1');
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
  }
  const served = replies.filter(({ status }) => status === 200).length;
  expect([served, delivered]).toEqual([replies.length - refused.length, served]);
}

test('more calls than the rate allows are refused by the edge', async () => {
  // Nine seconds would pass until the rate had allowed all of them.
  expectRefusals(await callAtOnce({ EDGE_REQUESTS_PER_SECOND: '20' }, 200, 'answer'), 'rate-limited');
});

test('more calls at the same time than the limit are refused by the edge', async () => {
  expectRefusals(await callAtOnce({ EDGE_CONNECTIONS: '3' }, 12, 'slow'), 'overloaded');
});
