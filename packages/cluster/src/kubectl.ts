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

/** The variables that name a namespace to the programs that test it and strike it. */
export const environmentOfAccess = ({ kubeconfig, context, namespace }: Access): Record<string, string> => ({
  SHOP_NAMESPACE: namespace,
  ...(kubeconfig && { SHOP_KUBECONFIG: kubeconfig }),
  ...(context && { SHOP_CONTEXT: context }),
});

/** Runs kubectl to its end. @returns its stdout. @throws ActionableError with its last lines when it fails. */
export async function kubectl(access: Access, args: string[], options: CommandOptions = {}): Promise<string> {
  return await command(await binaryOf('kubectl'), [...flagsOf(access), ...args], options);
}

/**
 * A pod as far as it is used here. `ready`: it takes requests; of a finished Job's pod, that it ended well. `containers`: their
 * names on its machine, which change when they are started again.
 */
export type Pod = { name: string; node: string; ready: boolean; leaving: boolean; containers: string[] };

/** A pod as the API server lists it, as far as it is used here. */
export interface ListedPod {
  metadata: {
    name: string;
    labels?: Record<string, string>;
    ownerReferences?: { kind: string }[];
    deletionTimestamp?: string;
  };
  spec: { nodeName?: string };
  status: {
    phase: string;
    reason?: string;
    conditions?: { type: string; status: string; reason?: string }[];
    containerStatuses?: ContainerStatus[];
  };
}

export interface ContainerStatus {
  /** `containerd://<name>`, once it has been made. */
  containerID?: string;
  /** Whether its startup probe has succeeded since its last start. */
  started?: boolean;
  restartCount: number;
  /** One of the three. */
  state: { running?: object; waiting?: { reason?: string }; terminated?: { exitCode: number } };
}

/** The label that has the name of a pod's service, as the chart gives it. */
export const serviceLabel = 'app.kubernetes.io/name';

/** The pods of a service of the chart (`api`, `db` …), or of all, as the API server has them. */
export async function listPods(access: Access, service?: string): Promise<ListedPod[]> {
  const query = service ? `?${new URLSearchParams({ labelSelector: `${serviceLabel}=${service}` })}` : '';
  // As the API server sends it: for `--output json`, kubectl reads it and writes it anew, for twice the processor time.
  const path = `/api/v1/namespaces/${access.namespace}/pods${query}`;
  return JSON.parse(await kubectl(access, ['get', '--raw', path])).items;
}

/** The pods of a service of the chart, or of all. */
export async function podsOf(access: Access, service?: string): Promise<Pod[]> {
  return (await listPods(access, service)).map(podOf);
}

export const podOf = ({ metadata, spec, status }: ListedPod): Pod => ({
  name: metadata.name,
  node: spec.nodeName ?? '',
  ready: status.phase === 'Succeeded' || isReady(status),
  leaving: metadata.deletionTimestamp !== undefined,
  containers: (status.containerStatuses ?? []).flatMap(
    ({ containerID }) => containerID?.split('//').slice(1) ?? [],
  ),
});

/** Whether a pod takes requests. */
export const isReady = ({ conditions = [] }: ListedPod['status']): boolean =>
  conditions.some(({ type, status }) => type === 'Ready' && status === 'True');

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
