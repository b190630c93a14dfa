/**
 * Renders docs/errors/*.md into the pages that the edge serves at /errors/<code>: `render-errors.ts <folder>`.
 *
 * The list of codes is the contract's: a code without a page, a page without a code, or a heading that is not the
 * code's title fails the build of the image.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { problems } from '@shop/contracts/problems.ts';
import { marked } from 'marked';

const sourceDir = join(import.meta.dirname, '../../docs/errors');
const outputDir = process.argv[2];
if (!outputDir) throw new Error('Usage: render-errors.ts <folder>');

/** The frame of every page. Nothing inline: the edge’s Content-Security-Policy does not allow it. */
const page = (title: string, body: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Still</title>
<link rel="icon" href="/favicon.svg">
<script src="/theme.js"></script>
<link rel="stylesheet" href="/site.css">
</head>
<body>
<header><a href="/">Still<span>.</span></a> <a href="/errors/">Errors</a></header>
<main class="text">
${body}</main>
</body>
</html>
`;

async function readPage(code: string, title: string): Promise<string> {
  const source = await readFile(join(sourceDir, `${code}.md`), 'utf8');
  if (!source.startsWith(`# ${title}\n`)) throw new Error(`${code}.md must begin with "# ${title}"`);
  return source;
}

const files = await readdir(sourceDir);
const strangers = files.filter((file) => !(file.replace(/\.md$/, '') in problems));
if (strangers.length > 0) throw new Error(`Not a problem code: ${strangers.join(', ')}`);

await mkdir(outputDir, { recursive: true });
for (const [code, { title }] of Object.entries(problems)) {
  await writeFile(
    join(outputDir, `${code}.html`),
    page(title, await marked.parse(await readPage(code, title))),
  );
}

const rows = Object.entries(problems).map(
  ([code, { status, title }]) => `| ${status} | [\`${code}\`](/errors/${code}) | ${title} |`,
);
const index = `# What can go wrong

Every error of the API is \`application/problem+json\` (RFC 9457) with one of these codes; its \`type\` is the address of the page here.

| Status | Code | Title |
|---|---|---|
${rows.join('\n')}
`;
await writeFile(join(outputDir, 'index.html'), page('Errors', await marked.parse(index)));
console.log(`${rows.length} pages`);
