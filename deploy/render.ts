import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { binaryOf } from '@shop/cluster/binaries.ts';
import { execa } from 'execa';
import { parse, parseAllDocuments } from 'yaml';

export const chart = fileURLToPath(new URL('chart', import.meta.url));
/** The chart's own files of values; each overrides values.yaml. */
export const sizes = ['laptop', 'production'] as const;
export type Size = (typeof sizes)[number];

export type Labels = Record<string, string>;
export type Probe = {
  httpGet?: { path: string; port: number };
  tcpSocket?: { port: number };
  exec?: { command: string[] };
  periodSeconds: number;
  failureThreshold: number;
};
export type Container = {
  name: string;
  image: string;
  command?: string[];
  env?: { name: string; value?: string; valueFrom?: Record<string, unknown> }[];
  securityContext?: {
    readOnlyRootFilesystem?: boolean;
    allowPrivilegeEscalation?: boolean;
    capabilities?: { drop?: string[] };
  };
  resources?: { requests?: { cpu?: string; memory?: string }; limits?: { cpu?: string; memory?: string } };
  startupProbe?: Probe;
  readinessProbe?: Probe;
  livenessProbe?: Probe;
  lifecycle?: { preStop?: { sleep?: { seconds: number } } };
  volumeMounts?: { name: string; mountPath: string }[];
};
export type PodSpec = {
  automountServiceAccountToken?: boolean;
  securityContext?: {
    runAsNonRoot?: boolean;
    runAsUser?: number;
    fsGroup?: number;
    seccompProfile?: { type: string };
  };
  terminationGracePeriodSeconds?: number;
  affinity?: { podAntiAffinity?: Record<string, unknown[]> };
  topologySpreadConstraints?: { topologyKey: string }[];
  containers: Container[];
  volumes?: { name: string; secret?: { secretName: string } }[];
};
export type KubernetesObject = {
  kind: string;
  metadata: { name: string; labels?: Labels; annotations?: Labels };
  data?: Record<string, string>;
  spec?: Record<string, unknown>;
};
/** An object that runs pods: a Deployment, a StatefulSet or a Job. */
export type Workload = {
  kind: string;
  /** The name, without the number of the release in a Job's name. */
  name: string;
  replicas: number;
  labels: Labels;
  pod: PodSpec;
  /** The claims that the StatefulSet makes for each pod. */
  claims: number;
};

/**
 * The objects that `helm template` renders from the chart, in the namespace `shop`.
 *
 * @throws with Helm's message when Helm refuses the values.
 */
export async function render(size?: Size, ...args: string[]): Promise<KubernetesObject[]> {
  return await renderFrom(chart, size, ...args);
}

/** As `render`, from the chart in another folder. */
export async function renderFrom(
  folder: string,
  size?: Size,
  ...args: string[]
): Promise<KubernetesObject[]> {
  const values = size ? ['--values', `${folder}/values-${size}.yaml`] : [];
  const { stdout } = await helm('template', 'shop', folder, '--namespace', 'shop', ...values, ...args);
  return parseAllDocuments(stdout)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);
}

/** Runs Helm. @throws with Helm's output when it fails. */
export async function helm(...args: string[]) {
  return await execa(await binaryOf('helm'), args);
}

/** The values of an installation without values of its own. */
export function defaultValues(): Record<string, unknown> {
  return parse(readFileSync(`${chart}/values.yaml`, 'utf8'));
}

export function workloadsOf(objects: KubernetesObject[]): Workload[] {
  return objects
    .filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind))
    .map(({ kind, metadata, spec }) => {
      const { replicas, template, volumeClaimTemplates } = spec as {
        replicas?: number;
        template: { metadata: { labels: Labels }; spec: PodSpec };
        volumeClaimTemplates?: unknown[];
      };
      const scaled = objects.find(
        (object) => object.kind === 'HorizontalPodAutoscaler' && object.metadata.name === metadata.name,
      );
      return {
        kind,
        name: metadata.name.replace(/-\d+$/, ''),
        replicas: (scaled?.spec?.minReplicas as number | undefined) ?? replicas ?? 1,
        labels: template.metadata.labels,
        pod: template.spec,
        claims: volumeClaimTemplates?.length ?? 0,
      };
    });
}
