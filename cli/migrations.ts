import { globSync, readFileSync } from 'node:fs';
import { root } from '@shop/command/folders.ts';
import { SemVer } from 'semver';

/** Where the migrations of both databases are. */
export const migrationFiles = '{packages/database,apps/payments}/migrations/*.sql';

/**
 * The release that a contract step names, `-- contract: 0.2.0`: the first one that does not use what the step removes.
 * Null for an expand step, with which any release works.
 */
export function contractOf(sql: string): string | null {
  return /^-- contract: (\S+)/m.exec(sql)?.[1] ?? null;
}

/** The newest release that any of the migrations requires to be running; null when none requires one. */
export function releaseThatMustRun(): string | null {
  const needed = globSync(migrationFiles, { cwd: root })
    .map((file) => contractOf(readFileSync(`${root}${file}`, 'utf8')))
    .filter((release) => release !== null);
  return needed.sort((a, b) => new SemVer(b).compareMain(a))[0] ?? null;
}
