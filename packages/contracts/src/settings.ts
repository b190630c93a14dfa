/**
 * Reads a process's settings. One that is not valid ends the process with a sentence that names it: where in our code
 * that was noticed helps nobody, and would push the sentence out of the last lines of the log.
 */
export function readSettings<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const [first = ''] = String(error instanceof Error ? error.message : error).split('\n');
    const refusal = new Error(first.replaceAll(/(^|, )env\/? ?/g, '$1'));
    refusal.stack = `Settings are not valid: ${refusal.message}`;
    throw refusal;
  }
}
