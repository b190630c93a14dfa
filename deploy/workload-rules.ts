import type { Container, KubernetesObject, Probe, Workload } from './render.ts';

const isJob = ({ kind }: Workload) => kind === 'Job';
const secondsOf = ({ periodSeconds, failureThreshold }: Probe) => periodSeconds * failureThreshold;

/**
 * The faults in the settings of a workload, one sentence each; empty when there is none. `objects`: everything that the chart
 * renders, because some rules concern objects beside the workload.
 */
export function complaints(workload: Workload, objects: KubernetesObject[]): string[] {
  return [
    ...workload.pod.containers.flatMap((container) => [
      ...hardening(workload, container),
      ...resources(container),
      ...(isJob(workload) ? [] : probes(container)),
    ]),
    ...placement(workload),
    ...disruption(workload, objects),
    ...farewell(workload),
  ];
}

function hardening({ pod }: Workload, { securityContext: context }: Container): string[] {
  return failing({
    'has a token for Kubernetes': pod.automountServiceAccountToken === false,
    'may run as root': pod.securityContext?.runAsNonRoot === true && (pod.securityContext.runAsUser ?? 0) > 0,
    'makes any system call': pod.securityContext?.seccompProfile?.type === 'RuntimeDefault',
    'writes into its own files': context?.readOnlyRootFilesystem === true,
    'may gain privileges': context?.allowPrivilegeEscalation === false,
    'has capabilities': context?.capabilities?.drop?.includes('ALL') === true,
  });
}

function resources({ resources: given }: Container): string[] {
  return failing({
    'requests no CPU': given?.requests?.cpu !== undefined,
    'requests no memory': given?.requests?.memory !== undefined,
    'has no limit of memory': given?.limits?.memory !== undefined,
    'waits for CPU that the machine has': given?.limits?.cpu === undefined,
    'requests more memory than it may have':
      mebibytes(given?.requests?.memory) <= mebibytes(given?.limits?.memory),
  });
}

function mebibytes(quantity = '0Mi'): number {
  return Number.parseInt(quantity, 10) * (quantity.endsWith('Gi') ? 1024 : 1);
}

/** A start may take long. A failing pod leaves the Service before it is restarted, which is the last resort. */
function probes({ startupProbe, readinessProbe, livenessProbe }: Container): string[] {
  if (!startupProbe || !readinessProbe || !livenessProbe) return ['lacks a probe'];
  const [ready, alive] = [readinessProbe, livenessProbe].map(({ httpGet }) => httpGet?.path);
  return failing({
    'counts as ready while it only lives': ready === undefined || ready !== alive,
    'is restarted before it has had a minute to start': secondsOf(startupProbe) >= 60,
    'is restarted before it is out of its Service': secondsOf(livenessProbe) > secondsOf(readinessProbe),
    'is restarted within a minute of silence': secondsOf(livenessProbe) >= 60,
  });
}

function placement({ kind, name, claims, replicas, pod }: Workload): string[] {
  if (kind === 'Job' || replicas < 2) return [];
  const spread = (pod.topologySpreadConstraints ?? []).map(({ topologyKey }) => topologyKey);
  const apart = Object.values(pod.affinity?.podAntiAffinity ?? {}).flat().length > 0;
  return failing({
    'is not spread over zones': spread.includes('topology.kubernetes.io/zone'),
    'is not spread over machines': claims > 0 ? apart : spread.includes('kubernetes.io/hostname'),
    'selects no pods to stay away from': JSON.stringify({
      ...pod.affinity,
      ...pod.topologySpreadConstraints,
    }).includes(`"app.kubernetes.io/name":"${name}"`),
  });
}

function disruption({ kind, name, replicas }: Workload, objects: KubernetesObject[]): string[] {
  if (kind === 'Job' || replicas < 2) return [];
  const budget = objects.find(
    (object) => object.kind === 'PodDisruptionBudget' && object.metadata.name === name,
  );
  const selects = (budget?.spec?.selector as { matchLabels?: Record<string, string> })?.matchLabels;
  return failing({
    'has no disruption budget': budget !== undefined,
    'loses more than one pod to a drain': budget?.spec?.maxUnavailable === 1,
    'has a disruption budget of other pods': selects?.['app.kubernetes.io/name'] === name,
  });
}

/** A machine's proxy or a load balancer chooses among the pods of these, and hears late of one that leaves. */
const reachedThroughAProxy = ['edge', 'payments'];

function farewell({ name, pod }: Workload): string[] {
  const listensFor = pod.containers[0]?.lifecycle?.preStop?.sleep?.seconds ?? 0;
  return failing({
    'stops listening before its callers have heard of it':
      !reachedThroughAProxy.includes(name) || listensFor >= 3,
  });
}

const failing = (holds: Record<string, boolean>): string[] =>
  Object.entries(holds).flatMap(([complaint, right]) => (right ? [] : [complaint]));
