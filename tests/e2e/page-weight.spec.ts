/** How much script a shopper waits for: what the first pages are made of, as the edge sends it. */
import { expect, test } from '@playwright/test';
import { edges, get } from './edge-client.ts';

/** The whole of it: the frame, the page, and the libraries of both. React alone is half. */
const mostBytes = 123_000;

const [{ http: edge }] = edges;

type Manifest = Record<string, { file: string; imports?: string[] }>;

/** A module of the page with everything that it imports, and not what it only may load later. */
function withImports(manifest: Manifest, name: string, found = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (!chunk || found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const imported of chunk.imports ?? []) withImports(manifest, imported, found);
  return found;
}

for (const page of ['home', 'category', 'product', 'search', 'cart']) {
  test(`the first ${page} page needs at most ${mostBytes} bytes of script`, async () => {
    const manifest: Manifest = JSON.parse((await get(edge, '/.vite/manifest.json')).body);
    const files = withImports(manifest, 'index.html');
    // What the document names is what the manifest knows.
    const { body } = await get(edge, '/');
    for (const [, file = ''] of body.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)) {
      expect(files).toContain(file);
    }
    withImports(manifest, `src/pages/${page}.tsx`, files);
    const sizes = await Promise.all(
      ['theme.js', ...files].map(async (file) => {
        const { status, headers } = await get(edge, `/${file}`, { 'accept-encoding': 'gzip' });
        expect([file, status, headers['content-encoding']]).toEqual([file, 200, 'gzip']);
        return Number(headers['content-length']);
      }),
    );
    expect(sizes.length).toBeGreaterThan(3);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(mostBytes);
  });
}
