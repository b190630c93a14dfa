import { createHash } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '@shop/command/folders.ts';

/** No image is built of these: what is installed or noted here, and the scripts that stand in for a registry. */
const excluded = new Set(['node_modules', '.turbo', 'test-results', 'offline']);

/** A hash, in hexadecimal, of `salt` and of the names and contents of the files that match: globs below the repository's folder. */
export async function hashOfFiles(globs: string[], salt = ''): Promise<string> {
  const hash = createHash('sha256').update(salt);
  const exclude = ({ name }: { name: string }) => excluded.has(name);
  const files: string[] = [];
  for await (const entry of glob(globs, { cwd: root, withFileTypes: true, exclude }))
    if (entry.isFile()) files.push(join(entry.parentPath, entry.name).slice(root.length));
  for (const file of files.sort()) hash.update(file).update(await readFile(join(root, file)));
  return hash.digest('hex');
}
