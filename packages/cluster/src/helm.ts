import { command } from '@shop/command/command.ts';
import { binaryOf } from './binaries.ts';
import { type Access, flagsOf } from './kubectl.ts';

/** The name under which the shop is installed. */
export const release = 'shop';

/** Runs the lockfile's Helm on a cluster. @returns its stdout. @throws ActionableError with its last lines when it fails. */
export async function helm(access: Access, args: string[], input?: string): Promise<string> {
  const where = flagsOf(access, '--kube-context');
  return await command(await binaryOf('helm'), [...args, ...where], { input, log: 'helm.log' });
}
