import { eventually } from '@shop/testing/eventually.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, buildTestApp } from '../../testing/app.ts';
import { type Response, TestClient } from '../../testing/client.ts';
import { makeProduct, signUp } from '../../testing/factories.ts';

let app: App;
let client: TestClient;
beforeAll(async () => {
  app = await buildTestApp();
  client = new TestClient(app);
});
afterAll(() => app.close());

const timing = ({ headers }: Response) => String(headers['server-timing']);
const nodes = (answer: Response) =>
  [...timing(answer).matchAll(/db;desc="(db-[123])";dur=\d/g)].map(([, node]) => node);

describe('Server-Timing', () => {
  it('names the database node that was read, and the cache for the next read', async () => {
    const { slug } = await makeProduct(app);
    const read = () => client.get(`/api/products/${slug}`);
    const first = await read();
    expect(nodes(first).length).toBeGreaterThan(0);
    expect(timing(first)).toContain('catalogue-cache;desc="miss"');
    // Another file may make a product between two reads, which ends every entry of a slug.
    const cached = await eventually(15_000, async () => {
      const answer = await read();
      expect(nodes(answer)).toEqual([]);
      return answer;
    });
    expect(timing(cached)).toMatch(/^catalogue-cache;desc="hit", total;dur=[\d.]+$/);
  });

  it('names the primary for what was written', async () => {
    const { client: customer } = await signUp(app);
    const answer = await customer.post('/api/auth/logout');
    expect(answer.statusCode).toBe(204);
    expect(new Set(nodes(answer)).size).toBe(1);
  });

  it('names no node for a read that another request has started', async () => {
    const made = await makeProduct(app);
    const writer = new TestClient(app);
    // Not signed by us, so it is read from the primary each time.
    writer.cookies.set('watermark', 'forged');
    const [reads, others] = await Promise.all([
      Promise.all(Array.from({ length: 10 }, () => writer.get(`/api/products/${made.slug}`))),
      Promise.all(Array.from({ length: 10 }, () => client.get('/api/whoami'))),
    ]);
    for (const read of reads) expect(nodes(read)).toHaveLength(1);
    for (const other of others) expect(timing(other)).toMatch(/^total;dur=[\d.]+$/);
  });

  it('is there on a refusal, too', async () => {
    const answer = await client.get('/api/products/no-such-product');
    expect([answer.statusCode, timing(answer)]).toEqual([404, expect.stringMatching(/total;dur=[\d.]+$/)]);
  });
});
