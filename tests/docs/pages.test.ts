import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

// A page is a route of the storefront. The edge sends the storefront's document for it, sends a browser to its canonical
// address, and the service worker keeps it open while an edge is gone: each of these has its own list of paths.

const root = fileURLToPath(new URL('../..', import.meta.url));
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');

const routes = globSync('apps/web/src/routes/*.ts', { cwd: root })
  .flatMap((file) => textOf(file).split(/(?=^const \w+ = createRoute\()/m))
  .map((source) => ({
    name: /^const (\w+)/.exec(source)?.[1],
    parent: /getParentRoute: \(\) => (\w+)/.exec(source)?.[1],
    path: /\bpath: '([^']+)'/.exec(source)?.[1] ?? '',
  }));

/** The address of each page, with a word for each of its parameters. */
const pages = routes
  .filter(({ path }) => path !== '')
  .map(({ parent, path }) => (routes.find(({ name }) => name === parent)?.path ?? '') + path)
  .map((path) => (path === '/' ? path : path.replace(/\/$/, '').replaceAll(/\$\w+/g, 'some-1')));

const lists = {
  'infra/edge/nginx/page-paths.conf': /^location ~ (\S+) \{$/gm,
  'infra/edge/nginx/request.conf': /(?<=^map \$uri \$page \{\n)\s*'~(\S+)'/gm,
  'apps/web/src/service-worker.ts': /(?<=^const pages =\s+)\/(.+)\/;$/gm,
};

test.each(Object.entries(lists))('%s has every page of the storefront', (file, pattern) => {
  const patterns = [...textOf(file).matchAll(pattern)].map(([, text]) => new RegExp(text!));
  expect(patterns).not.toEqual([]);
  // The first page is a file of its own for the edge.
  const missing = pages.filter((page) => page !== '/' && !patterns.some((known) => known.test(page)));
  expect(missing).toEqual([]);
});

test('there are pages of shoppers and of the admin', () => {
  expect(pages).toEqual(expect.arrayContaining(['/', '/cart', '/product/some-1', '/admin/products/some-1']));
});
