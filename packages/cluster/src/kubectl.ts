import { spawn } from 'node:child_process';
import { type CommandOptions, command } from '@shop/command/command.ts';
import type { Program } from '@shop/docker/in-container.ts';
import { binaryOf } from './binaries.ts';

/** A namespace of a cluster, by a context of a kubeconfig. Where one is not named, kubectl's own default counts. */
export type Access = { kubeconfig?: string | undefined; context?: string | undefined; namespace: string };

/** The flags by which kubectl finds a namespace, or Helm, which calls one of them differently. */
export const flagsOf = (
  { kubeconfig, context, namespace }: Access,
  contextFlag: '--context' | '--kube-context' = '--context',
): string[] => [
  ...(kubeconfig ? ['--kubeconfig', kubeconfig] : []),
  ...(context ? [contextFlag, context] : []),
  '--namespace',
  namespace,
];

/** Runs kubectl to its end. @returns its stdout. @throws ActionableError with its last lines when it fails. */
export async function kubectl(access: Access, args: string[], options: CommandOptions = {}): Promise<string> {
  return await command(await binaryOf('kubectl'), [...flagsOf(access), ...args], options);
}

/**
 * A pod as far as it is used here. `ready`: it takes requests; of a finished Job's pod, that it ended well. `containers`: their
 * names on its machine, which change when they are started again.
 */
export type Pod = { name: string; node: string; ready: boolean; leaving: boolean; containers: string[] };

type Listed = {
  metadata: { name: string; deletionTimestamp?: string };
  spec: { nodeName?: string };
  status: {
    phase: string;
    conditions?: { type: string; status: string }[];
    containerStatuses?: { containerID?: string }[];
  };
};

/** The pods of a service of the chart (`api`, `db` …), or of all. */
export async function podsOf(access: Access, service?: string): Promise<Pod[]> {
  const selector = service ? ['--selector', `app.kubernetes.io/name=${service}`] : [];
  const { items } = JSON.parse(await kubectl(access, ['get', 'pods', '--output', 'json', ...selector]));
  return (items as Listed[]).map(({ metadata, spec, status }) => ({
    name: metadata.name,
    node: spec.nodeName ?? '',
    ready:
      status.phase === 'Succeeded' ||
      Boolean(status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')),
    leaving: metadata.deletionTimestamp !== undefined,
    // `containerd://<name>`, once it has been made.
    containers: (status.containerStatuses ?? []).flatMap(
      ({ containerID }) => containerID?.split('//').slice(1) ?? [],
    ),
  }));
}

/** Starts a program in a pod and connects to its input and output, as `openIn` of the package `docker` does in a container. */
export async function openInPod(access: Access, pod: string, ...args: string[]): Promise<Program> {
  const flags = [...flagsOf(access), 'exec', '--stdin', pod, '--', ...args];
  // Not `execa`, whose programs cannot be left running when this process ends.
  const child = spawn(await binaryOf('kubectl'), flags);
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  child.on('close', () => resolve());
  child.on('error', () => resolve());
  // A program that has ended reads no more; its exit code says why.
  child.stdin.on('error', () => {});
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    exitCode: async () => child.exitCode ?? 1,
    unref: () => child.unref(),
    close: () => child.kill(),
  };
}
