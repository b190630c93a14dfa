import { readFileSync } from 'node:fs';
import { envSchema } from 'env-schema';
import type { Static, TObject } from 'typebox';

export type Environment = Record<string, string | undefined>;

/**
 * Reads the settings of a process from its environment: texts become the types that the schema names, and defaults
 * fill in what is absent.
 *
 * @throws an error whose message names every invalid setting. It has no stack, so that the message is the last line of
 * the log: a position in our code would not help the reader.
 */
export function readSettings<T extends TObject>(schema: T, env: Environment): Static<T> {
  try {
    return envSchema<Static<T>>({ schema, data: env, dotenv: false });
  } catch (error) {
    const [first = ''] = String(error instanceof Error ? error.message : error).split('\n');
    const readable = new Error(first.replaceAll(/(^|, )env\/? ?/g, '$1'));
    readable.stack = `Settings are not valid: ${readable.message}`;
    throw readable;
  }
}

/** Reads a secret from its file, without the line break at the end. @throws when the file cannot be read. */
export function readSecret(path: string): string {
  return readFileSync(path, 'utf8').trim();
}
