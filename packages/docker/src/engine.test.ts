import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '@shop/command/folders.ts';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { isAtLeast } from './engine.ts';

test.each([
  ['26.1.5+dfsg1', '25.0', true],
  ['25.0.0', '25.0', true],
  ['20.10.24+dfsg1', '25.0', false],
  ['2.26.1-4', '2.24', true],
  ['v2.40.0', '2.24', true],
  ['2.9.0', '2.24', false],
  ['2.23.3', '2.24', false],
  ['5.0.1', '2.24', true],
])('%s is at least %s: %s', (version, minimum, expected) => {
  expect(isAtLeast(version, minimum)).toBe(expected);
});

const { failed: isNoDebian } = await execa('apt-get', ['--version'], { reject: false });

test.skipIf(isNoDebian)('finds the mirror of a machine that has never run apt-get update', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'apt-'));
  const settings = join(folder, 'apt.conf');
  await writeFile(settings, `Dir::State::Lists "${folder}/lists";`);
  const script = '. infra/offline/apt-beside.sh; echo "$DEBIAN_MIRROR"';
  const { stdout } = await execa('bash', ['-c', script], { cwd: root, env: { APT_CONFIG: settings } });
  expect(stdout).toMatch(/^http.*\/debian$/);
});
