import { readdir, readFile, rm } from 'node:fs/promises';
import { root } from '@shop/command/folders.ts';
import { execa } from 'execa';

/** A task of one package, such as `@shop/api#lint`. `folder` is the package's folder, `log` the output of the task. */
export type Task = { name: string; folder: string; passed: boolean; log: string };

/** The part of the file of `turbo run --summarize` that is used here. */
type Summary = {
  tasks: {
    taskId: string;
    directory: string;
    logFile: string;
    command: string;
    execution?: { exitCode: number | null };
  }[];
};

const summaries = `${root}.turbo/runs`;
/** A task that only orders other tasks has no command. */
const noCommand = '<NONEXISTENT>';

/**
 * Runs tasks of turbo.json in every package that has them, as many at a time as there are processors. A task that
 * passed runs again only after a change. Prints the failures.
 */
export async function runTasks(names: string[]): Promise<Task[]> {
  await rm(summaries, { recursive: true, force: true });
  const flags = ['--continue=always', '--output-logs=errors-only', '--summarize', '--log-prefix=none'];
  await execa('turbo', ['run', ...names, ...flags], {
    cwd: root,
    preferLocal: true,
    reject: false,
    stdio: 'inherit',
    env: { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
  });
  const [file] = await readdir(summaries).catch(() => []);
  if (!file) return [];
  const { tasks }: Summary = JSON.parse(await readFile(`${summaries}/${file}`, 'utf8'));
  return await Promise.all(
    tasks
      .filter(({ command }) => command !== noCommand)
      .map(async ({ taskId, directory, logFile, execution }) => ({
        name: taskId,
        folder: directory,
        passed: execution?.exitCode === 0,
        log: await readFile(`${root}${logFile}`, 'utf8').catch(() => ''),
      })),
  );
}
