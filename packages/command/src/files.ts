import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './folders.ts';

/**
 * The matching files of the repository, as sorted paths below its folder, without those in a folder that `excluded`
 * names.
 */
export async function filesMatching(globs: string[], excluded: Iterable<string>): Promise<string[]> {
  const names = new Set(excluded);
  const exclude = ({ name }: { name: string }) => names.has(name);
  const files: string[] = [];
  for await (const entry of glob(globs, { cwd: root, withFileTypes: true, exclude }))
    if (entry.isFile()) files.push(join(entry.parentPath, entry.name).slice(root.length));
  return files.sort();
}
