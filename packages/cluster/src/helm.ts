import { command } from '@shop/command/command.ts';
import { binaryOf } from './binaries.ts';
import type { Access } from './kubectl.ts';

/** The name under which the shop is installed. */
export const release = 'shop';

/** Runs the lockfile's Helm on a cluster. @returns its stdout. @throws ActionableError with its last lines when it fails. */
export async function helm(
  { kubeconfig, context, namespace }: Access,
  args: string[],
  input?: string,
): Promise<string> {
  const where = [
    ...(kubeconfig ? ['--kubeconfig', kubeconfig] : []),
    ...(context ? ['--kube-context', context] : []),
    '--namespace',
    namespace,
  ];
  return await command(await binaryOf('helm'), [...args, ...where], { input, log: 'helm.log' });
}
