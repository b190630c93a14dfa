/** A failure that the reader can repair: `message` says what failed, `hint` what to do. */
export class ActionableError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ActionableError';
    this.hint = hint;
  }
}

/** Prints a failure as every command does, and makes the process end with exit code 1. */
export function printFailure(error: unknown): void {
  process.exitCode = 1;
  if (error instanceof ActionableError) console.error(`\n${error.message}\n\nTo fix it: ${error.hint}`);
  else console.error(error);
}
