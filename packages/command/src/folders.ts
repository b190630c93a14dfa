import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository's folder, with a slash at its end. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));
/**
 * The folder for files of this machine that are not in the repository: logs, downloads, the demo accounts. Ends with a
 * slash.
 */
export const stateDir = `${root}.state/`;
mkdirSync(stateDir, { recursive: true });
