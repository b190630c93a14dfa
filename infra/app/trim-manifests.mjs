import { globSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * Shortens the manifest of Drizzle in the image. Node parses a package's `exports` again for each module of the package
 * that it loads. Drizzle's `exports` name every file, 178 KB in all, and cost a third of the processor time of a
 * replica's start. The entries that our sources import stay. Modules inside the package import each other by path and
 * need no entry.
 */
const specifier = /from 'drizzle-orm(\/[\w/-]+)?'/g;
const imported = new Set(['./package.json']);
for (const file of globSync('{apps,packages}/*/src/**/*.ts')) {
  for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(specifier)) imported.add(`.${path}`);
}
for (const file of globSync('node_modules/.pnpm/drizzle-orm@*/node_modules/drizzle-orm/package.json')) {
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  const entries = Object.entries(manifest.exports).filter(([entry]) => imported.has(entry));
  writeFileSync(file, JSON.stringify({ ...manifest, exports: Object.fromEntries(entries) }));
}
