/** One address for each page: another way to write it leads there by one permanent redirect, and to no other host. */
import { expect, test } from '@playwright/test';
import { edges, get, send } from './edge-client.ts';

const [{ http: edge }] = edges;

const redirects: [asked: string, page: string][] = [
  ['/cart/', '/cart'],
  ['/cart//', '/cart'],
  ['//cart', '/cart'],
  ['//', '/'],
  ['/%63art', '/cart'],
  ['/ca%72t/', '/cart'],
  ['/./cart', '/cart'],
  ['/product/../cart', '/cart'],
  ['/product/x/', '/product/x'],
  ['/product/%73ourdough-loaf-800-g', '/product/sourdough-loaf-800-g'],
  ['/product%2Fx', '/product/x'],
  ['/category/b%61kery/?sort=name&q=%2F', '/category/bakery?sort=name&q=%2F'],
  ['/search/?q=tea', '/search?q=tea'],
  ['/orders/', '/orders'],
  ['/login/?from=//example.org', '/login?from=//example.org'],
  ['/admin/products/', '/admin/products'],
  ['/errors/not-found/', '/errors/not-found'],
  ['/system/', '/system'],
  ['/index.html', '/'],
  ['/index.html?from=mail', '/?from=mail'],
  ['/errors/index.html', '/errors/'],
  ['/errors/not-found.html', '/errors/not-found'],
];
for (const [asked, page] of redirects) {
  test(`${asked} leads to ${page}`, async () => {
    const reply = await get(edge, asked, { accept: 'text/html' });
    expect([reply.status, reply.headers.location]).toEqual([308, page]);
    // One redirect is enough: the page itself redirects no further.
    expect((await get(edge, page, { accept: 'text/html' })).status).not.toBe(308);
  });
}

for (const path of [
  '//example.org',
  '//example.org/',
  '//example.org/cart/',
  '/%2F%2Fexample.org/',
  '/%5C%5Cexample.org/',
  '/\\example.org/',
  '/product/%2F%2Fexample.org/x/',
  '/product/x%0D%0ALocation:%20http:%2F%2Fexample.org/',
  '/nothing/',
]) {
  test(`${path} leads nowhere`, async () => {
    const reply = await get(edge, path, { accept: 'text/html' });
    expect(reply.headers.location).toBeUndefined();
    expect(reply.status).toBe(404);
  });
}

test('the page itself and files are served where they are', async () => {
  for (const path of ['/', '/cart', '/search?q=a/', '/errors/', '/site.css', '/robots.txt']) {
    expect([path, (await get(edge, path)).status]).toEqual([path, 200]);
  }
});

for (const host of ['evil.example', 'evil.example:80', '127.0.0.1:1', '"', '<script>', '']) {
  test(`a forged host (${JSON.stringify(host)}) appears in no answer`, async () => {
    for (const path of [
      '/robots.txt',
      '/sitemap.xml',
      '/cart/',
      '/',
      '/config.json',
      '/api/products?limit=1',
    ]) {
      const head = [`GET ${path} HTTP/1.1`, `Host: ${host}`, 'X-Forwarded-Host: evil.example'];
      const { status, headers, body } = await send(edge, head);
      // nginx refuses what is no host at all.
      expect([200, 308, 400], path).toContain(status);
      const said = JSON.stringify(headers) + body;
      expect(said).not.toContain('evil.example');
      expect(said).not.toContain('127.0.0.1:1/');
      // Under an address of the shop's own: by name or by number.
      const own = `http://(?:127\\.0\\.0\\.1|localhost):${new URL(edge).port}`;
      if (status === 200 && path === '/robots.txt')
        expect(body).toMatch(new RegExp(`\nSitemap: ${own}/sitemap.xml\n`));
      if (status === 200 && path === '/sitemap.xml') expect(body).toMatch(new RegExp(`<loc>${own}/</loc>`));
    }
  });
}
