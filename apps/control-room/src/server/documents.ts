import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '@shop/command/folders.ts';
import type { FastifyInstance } from 'fastify';
import { marked } from 'marked';

const folder = join(root, 'docs');

/**
 * Serves the documents of this repository as pages, at the paths that they have in it: `/docs/runbooks/tier-down.md`.
 *
 * @param frame gives the HTML page around a document, with a comment in the place of its title and of its text.
 */
export function registerDocuments(app: FastifyInstance, frame: () => Promise<string>): void {
  // A path that is not one of these is read from nowhere.
  const documents = new Set(globSync('**/*.md', { cwd: folder }));
  app.get<{ Params: { '*': string } }>('/docs/*', async ({ params: { '*': path } }, reply) => {
    if (!documents.has(path)) return reply.code(404).send('There is no such document.\n');
    const [page, text] = await Promise.all([frame(), readFile(join(folder, path), 'utf8')]);
    const html = await marked.parse(text);
    return reply
      .type('text/html; charset=utf-8')
      .send(page.replace('<!--title-->', () => `docs/${path}`).replace('<!--document-->', () => html));
  });
}
