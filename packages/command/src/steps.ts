import { Listr, PRESET_TIMER } from 'listr2';

/** Shows what a step is doing now, with the seconds that it has taken. */
export type Report = (line: string) => void;

export interface Step {
  title: string;
  /** Resolves to a few words about the result, which are shown behind the title. */
  run: (report: Report) => Promise<string>;
}

/** A terminal redraws one line; a log gets a line often enough that the command does not seem to hang. */
const heartbeatMs = process.stdout.isTTY ? 1000 : 8000;

/**
 * Runs the steps one after the other, numbered and timed, and stops at the first that throws (and throws that error).
 */
export async function runSteps(steps: Step[]): Promise<void> {
  const tasks = steps.map((step, index) => ({
    title: `[${index + 1}/${steps.length}] ${step.title}`,
    task: (_: unknown, task: { title: string; output: string }) => withHeartbeat(step, task),
  }));
  const timer = PRESET_TIMER;
  // The caller cleans up after Ctrl-C; listr2's own listener would end the process at once.
  const registerSignalListeners = false;
  try {
    await (process.stdout.isTTY
      ? new Listr(tasks, { registerSignalListeners, renderer: 'default', rendererOptions: { timer } })
      : new Listr(tasks, { registerSignalListeners, renderer: 'simple', rendererOptions: { timer } })
    ).run();
  } catch (error) {
    throw error instanceof StepFailure ? error.cause : error;
  }
}

/** Only the first line of a failure, for the step's own line: the caller prints all of it. */
class StepFailure extends Error {
  constructor(cause: unknown) {
    super(String(cause instanceof Error ? cause.message : cause).split('\n')[0], { cause });
  }
}

/** A builder's line may be a whole script. What happens is said at its beginning. */
const longestLineCharacters = 100;
const shortened = (line: string) =>
  line.length > longestLineCharacters ? `${line.slice(0, longestLineCharacters).trimEnd()}…` : line;

async function withHeartbeat(step: Step, task: { title: string; output: string }): Promise<void> {
  const startedAt = Date.now();
  let latest = 'working';
  const show = () => {
    task.output = `${latest} … ${Math.round((Date.now() - startedAt) / 1000)} s`;
  };
  const heartbeat = setInterval(show, heartbeatMs);
  try {
    const outcome = await step.run((line) => {
      latest = shortened(line);
    });
    task.title = `${task.title}: ${outcome}`;
  } catch (error) {
    throw new StepFailure(error);
  } finally {
    clearInterval(heartbeat);
  }
}
