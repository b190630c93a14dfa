/** A failure that the reader can do something about: `message` says what failed, `mend` what to do. */
export class ActionableError extends Error {
  readonly mend: string;

  constructor(message: string, mend: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ActionableError';
    this.mend = mend;
  }
}

/** Prints a failure the way every command does, and makes the process end with exit code 1. */
export function printFailure(error: unknown): void {
  process.exitCode = 1;
  if (error instanceof ActionableError) console.error(`\n${error.message}\n\nTo mend it: ${error.mend}`);
  else console.error(error);
}
