/** `npm run test:kubernetes`: tests the shop's promises on the running cluster in containers. */
import { environmentOfAccess, podsOf } from '@shop/cluster/kubectl.ts';
import { clusterTopology, kubeconfig } from '@shop/cluster/own-cluster.ts';
import { ActionableError, printFailure } from '@shop/command/actionable-error.ts';
import { root } from '@shop/command/folders.ts';
import { environmentOfTests } from '@shop/docker/environment-of-tests.ts';
import { oneAtATime } from '@shop/docker/one-at-a-time.ts';
import { Command } from 'commander';
import { execa } from 'execa';
import { chart } from './render.ts';

type Options = { titles?: string };

const topology = clusterTopology();
const access = { kubeconfig, namespace: 'shop' };

new Command('npm run test:kubernetes --')
  .description('Runs the tests of tests/kubernetes on the cluster that `npm run kubernetes` has started.')
  .argument('[files...]', 'spec files, by a part of their paths (default: all)')
  .option('--titles <pattern>', 'only tests whose titles this regular expression fits')
  .action((files: string[], options: Options) =>
    oneAtATime(topology, () => test(files, options)).catch(printFailure),
  )
  .parseAsync();

async function test(files: string[], { titles }: Options): Promise<void> {
  const pods = await podsOf(access).catch((error) => {
    throw new ActionableError(
      'The cluster in containers does not answer.',
      'start it with `npm run kubernetes`',
      { cause: error },
    );
  });
  const waiting = pods.filter(({ ready }) => !ready).map(({ name }) => name);
  if (pods.length === 0 || waiting.length > 0)
    throw new ActionableError(
      `The shop is not ready there: ${waiting.join(', ') || 'it has no pods'}.`,
      '`npm run kubernetes` installs it and waits',
    );
  // With `=`: after a blank, the option would take all further words as projects.
  const flags = ['--config', 'tests/playwright.config.ts', '--project=kubernetes'];
  if (titles) flags.push(`--grep=${titles}`);
  const { exitCode } = await execa('playwright', ['test', ...flags, ...files], {
    cwd: root,
    preferLocal: true,
    reject: false,
    stdio: 'inherit',
    env: { ...environmentOfTests(topology), ...environmentOfAccess(access), SHOP_CHART: chart },
  });
  process.exitCode = exitCode ?? 1;
}
