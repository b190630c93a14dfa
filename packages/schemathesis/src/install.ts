import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { command } from '@shop/command/command.ts';
import { root } from '@shop/command/folders.ts';
import type { Report } from '@shop/command/steps.ts';
import { execa } from 'execa';

const pythonScript = 'infra/offline/python.sh';
/**
 * Exact versions and hashes of Schemathesis and all its dependencies, for every Python and system (CONTRIBUTING.md).
 */
const requirements = `${root}packages/schemathesis/requirements.txt`;
const folder = `${root}.tools/schemathesis`;
/** Written last: it has the hash of the requirements, so it proves that all of them are installed. */
const stamp = `${folder}/installed-requirements`;

/**
 * `python -m schemathesis.cli`, because the installed script contains the path of the folder where it was installed.
 */
export const schemathesis = { program: `${folder}/bin/python`, args: ['-m', 'schemathesis.cli'] };

/**
 * Makes sure that Schemathesis is in .tools, in the versions of requirements.txt. Without a Python, it prints that it
 * installs Debian's, and does so.
 *
 * @throws ActionableError when Python is missing and cannot be installed here, or no package index answers.
 */
export async function ensureSchemathesis(report: Report): Promise<string> {
  const wanted = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return 'already in .tools';
  await rm(folder, { recursive: true, force: true });
  const python = await ensurePython(report);
  report('making a virtual environment');
  await command(python, ['-m', 'venv', folder], { report });
  report('installing the packages of requirements.txt');
  const options = ['--disable-pip-version-check', '--no-input', '--require-hashes', '--no-deps'];
  await command(schemathesis.program, ['-m', 'pip', 'install', ...options, '--requirement', requirements], {
    report,
    hint: 'does pip reach its package index? Then run the command again; `npm test -- --only code,unit,integration,web,chaos` runs what needs no Schemathesis',
  });
  await writeFile(stamp, wanted);
  return 'installed into .tools';
}

async function ensurePython(report: Report): Promise<string> {
  const { stdout } = await execa(pythonScript, ['plan'], { cwd: root });
  if (stdout) console.log(`To run Schemathesis, this will be installed: ${stdout}`);
  await command(pythonScript, ['install'], {
    report,
    hint: 'the line above says how; `npm test -- --only code,unit,integration,web,chaos` runs what needs no Python',
  });
  return (await execa(pythonScript, ['find'], { cwd: root })).stdout;
}
