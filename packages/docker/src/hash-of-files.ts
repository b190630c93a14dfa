import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesMatching } from '@shop/command/files.ts';
import { root } from '@shop/command/folders.ts';

/**
 * No image contains these files: what is installed or noted on this machine, and the scripts for machines without a
 * registry.
 */
const excluded = ['node_modules', '.turbo', 'test-results', 'offline'];

/** A hash, in hexadecimal, of `salt` and of the names and contents of the files that match: globs below the repository's folder. */
export async function hashOfFiles(globs: string[], salt = ''): Promise<string> {
  const hash = createHash('sha256').update(salt);
  for (const file of await filesMatching(globs, excluded))
    hash.update(file).update(await readFile(join(root, file)));
  return hash.digest('hex');
}
