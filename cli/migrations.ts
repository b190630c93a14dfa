import { globSync, readFileSync } from 'node:fs';
import { root } from '@shop/command/folders.ts';
import { SemVer } from 'semver';

/** Where the migrations of both databases are. */
export const migrationFiles = '{packages/database,apps/payments}/migrations/*.sql';

/**
 * The release that a contract step says it needs, `-- contract: 0.2.0`: the first one that does without what the step
 * takes away. Null for an expand step, which any release can live with.
 */
export function contractOf(sql: string): string | null {
  return /^-- contract: (\S+)/m.exec(sql)?.[1] ?? null;
}

/** The newest release that any of the migrations needs to be running before it may run; null when none needs one. */
export function releaseThatMustRun(): string | null {
  const needed = globSync(migrationFiles, { cwd: root })
    .map((file) => contractOf(readFileSync(`${root}${file}`, 'utf8')))
    .filter((release) => release !== null);
  return needed.sort((a, b) => new SemVer(b).compareMain(a))[0] ?? null;
}
