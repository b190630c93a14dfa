import { readFile } from 'node:fs/promises';

/** The section of a page of results that people write: a new run keeps it. @returns nothing when there is none yet. */
export async function notesOf(page: string): Promise<string> {
  const text = await readFile(page, 'utf8').catch(() => '');
  return /^## Notes\n[\s\S]*/m.exec(text)?.[0] ?? '';
}
