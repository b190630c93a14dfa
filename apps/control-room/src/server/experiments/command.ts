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

/** Starts `npm run lab -- … --quick`, or `npm run chaos -- …` on a project, as a process of its own. */
export function startCommand({ kind, name }: Experiment, project: string): Running {
  const args =
    kind === 'lab' ? ['cli/lab.ts', name, '--quick'] : ['cli/chaos.ts', name, '--project', project];
  const child = execa(process.execPath, args, {
    ...{ cwd: root, env: { NO_COLOR: '1', FORCE_COLOR: undefined }, stdin: 'ignore' },
    ...{ all: true, buffer: false, reject: false },
  });
  return {
    lines: child.iterable({ from: 'all' }),
    exitCode: child.then(({ exitCode }) => exitCode ?? 1),
    interrupt: () => void child.kill('SIGINT'),
  };
}
