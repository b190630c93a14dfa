import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './folders.ts';

/**
 * The files of the repository that match, as sorted paths below its folder. Nothing in a folder named in `excluded` is
 * among them.
 */
export async function filesMatching(globs: string[], excluded: Iterable<string>): Promise<string[]> {
  const names = new Set(excluded);
  const exclude = ({ name }: { name: string }) => names.has(name);
  const files: string[] = [];
  for await (const entry of glob(globs, { cwd: root, withFileTypes: true, exclude }))
    if (entry.isFile()) files.push(join(entry.parentPath, entry.name).slice(root.length));
  return files.sort();
}
