// `npm run seed -- --products N --customers N --orders N`: loads more of everything, inside the running topology.
// The options are those of apps/seed/src/bulk.ts; `npm run seed -- --help` lists them.

import { ActionableError, printFailure } from '@shop/command/actionable-error.ts';
import { root } from '@shop/command/folders.ts';
import { environmentOf, isRunning, shopTopology } from '@shop/docker/topology.ts';
import { execa } from 'execa';

async function seed(args: string[]): Promise<void> {
  const topology = shopTopology();
  if (!(await isRunning(topology)))
    throw new ActionableError('The shop is not running.', 'run `npm start` first');
  // Without a terminal, compose must not ask for one.
  const terminal = process.stdout.isTTY ? [] : ['--no-TTY'];
  const job = ['node', 'apps/seed/src/bulk.ts', ...args];
  const { exitCode } = await execa(
    'docker',
    ['compose', 'run', '--rm', '--no-deps', ...terminal, 'seed', ...job],
    {
      cwd: root,
      env: environmentOf(topology),
      stdio: 'inherit',
      reject: false,
    },
  );
  process.exitCode = exitCode ?? 1;
}

await seed(process.argv.slice(2)).catch(printFailure);
