import { root } from '@shop/command/folders.ts';
import { execa } from 'execa';
import type { Experiment } from '../../shared/experiments.ts';

/** An experiment that runs, as the experimenter sees it. */
export interface Running {
  /** What it prints, until it has ended. */
  lines: AsyncIterable<string>;
  exitCode: Promise<number>;
  /** Asks it to put back what it has changed, and to end. */
  interrupt(): void;
}

/** The program of an experiment and its arguments. A scenario and a deployment are about the shop of the page. */
const commands: Record<Experiment['kind'], (name: string, project: string) => string[]> = {
  lab: (name) => ['cli/lab.ts', name, '--quick'],
  scenario: (name, project) => ['cli/chaos.ts', name, '--project', project],
  deployment: (_, project) => ['cli/deploy.ts', '--project', project],
};

/** Starts `npm run lab`, `npm run chaos` or `npm run deploy` as a process of its own. */
export function startCommand({ kind, name }: Experiment, project: string): Running {
  const child = execa(process.execPath, commands[kind](name, project), {
    ...{ cwd: root, env: { NO_COLOR: '1', FORCE_COLOR: undefined }, stdin: 'ignore' },
    ...{ all: true, buffer: false, reject: false },
  });
  return {
    lines: child.iterable({ from: 'all' }),
    exitCode: child.then(({ exitCode }) => exitCode ?? 1),
    interrupt: () => void child.kill('SIGINT'),
  };
}
