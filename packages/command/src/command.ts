import { rmSync } from 'node:fs';
import { ExecaError, execa } from 'execa';
import { ActionableError } from './actionable-error.ts';
import { root, stateDir } from './folders.ts';
import type { Report } from './steps.ts';

export interface CommandOptions {
  /** Variables in addition to this process's own. */
  environment?: Record<string, string>;
  /** Called with each line the command prints. */
  report?: Report;
  /** A file below .state that receives everything that the command prints. */
  log?: string;
  /** What to do when the command fails, if there is a better hint than its last lines. */
  hint?: string;
  signal?: AbortSignal | undefined;
  /** The program's input; nothing by default. */
  input?: string | undefined;
}

/**
 * Runs a program to its end and returns what it printed on stdout.
 *
 * @throws ActionableError with the program's last lines when it fails.
 */
export async function command(
  program: string,
  args: string[],
  options: CommandOptions = {},
): Promise<string> {
  const log = options.log && `${stateDir}${options.log}`;
  if (log) rmSync(log, { force: true });
  const subprocess = execa(program, args, {
    cwd: root,
    env: options.environment,
    all: true,
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
    cancelSignal: options.signal,
    ...(log && {
      stdout: ['pipe', { file: log, append: true }],
      stderr: ['pipe', { file: log, append: true }],
    }),
  });
  try {
    for await (const line of subprocess.iterable({ from: 'all' }))
      if (line.trim()) options.report?.(line.trim());
    const { stdout } = await subprocess;
    return String(stdout);
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    const lastWords = String(error.all ?? '')
      .trim()
      .split('\n')
      .slice(-20)
      .join('\n');
    const what = `\`${[program, ...args].join(' ')}\` failed${error.exitCode === undefined ? '' : ` (exit code ${error.exitCode})`}`;
    const hint =
      options.hint ??
      `the last lines above say why${log ? `, the whole log is ${log}` : ''}; then run the command again, it goes on from here`;
    throw new ActionableError(`${what}:\n${lastWords || error.shortMessage}`, hint, { cause: error });
  }
}

/** Whether a program runs and succeeds within `timeoutMs`; its output is ignored. */
export async function succeeds(program: string, args: string[], timeoutMs = 20_000): Promise<boolean> {
  const { failed } = await execa(program, args, {
    cwd: root,
    reject: false,
    stdin: 'ignore',
    timeout: timeoutMs,
  });
  return !failed;
}
