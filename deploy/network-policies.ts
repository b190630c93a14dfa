import type { KubernetesObject, Labels } from './render.ts';

type Selector = {
  matchLabels?: Labels;
  matchExpressions?: { key: string; operator: string; values: string[] }[];
};
type Peer = { podSelector?: Selector; namespaceSelector?: Selector; ipBlock?: { cidr: string } };
type Rule = { from?: Peer[]; to?: Peer[]; ports?: { protocol?: string; port: number }[] };
type Policy = { podSelector: Selector; policyTypes: string[]; ingress?: Rule[]; egress?: Rule[] };

/** An end of a connection: a pod of the shop, a pod of another namespace, or an address outside of the cluster. */
export type End = { pod: Labels } | { namespace: string } | { address: string };

/**
 * Whether the policies allow a connection, by the specification of NetworkPolicy: if at least one policy selects a pod for a
 * direction, the pod may only have the connections that one of these policies allows. The connection is to `port` of `to`,
 * over TCP unless `protocol` names another.
 */
export function isAllowed(
  objects: KubernetesObject[],
  connection: { from: End; to: End; port: number; protocol?: string },
): boolean {
  const policies = objects
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .map(({ spec }) => spec as unknown as Policy);
  const { from, to, port, protocol = 'TCP' } = connection;
  return (
    passes(policies, 'Egress', from, to, port, protocol) &&
    passes(policies, 'Ingress', to, from, port, protocol)
  );
}

function passes(
  policies: Policy[],
  direction: 'Ingress' | 'Egress',
  own: End,
  other: End,
  port: number,
  protocol: string,
): boolean {
  if (!('pod' in own)) return true;
  const concerned = policies.filter(
    ({ podSelector, policyTypes }) => policyTypes.includes(direction) && selects(podSelector, own.pod),
  );
  if (concerned.length === 0) return true;
  const rules = concerned.flatMap(({ ingress = [], egress = [] }) =>
    direction === 'Ingress' ? ingress : egress,
  );
  return rules.some((rule) => {
    const peers = direction === 'Ingress' ? rule.from : rule.to;
    const ports = rule.ports?.map(({ protocol: name = 'TCP', port: number }) => `${name} ${number}`);
    return (
      (peers === undefined || peers.some((peer) => isPeer(peer, other))) &&
      (ports === undefined || ports.includes(`${protocol} ${port}`))
    );
  });
}

function isPeer({ podSelector, namespaceSelector, ipBlock }: Peer, end: End): boolean {
  if (ipBlock) return 'address' in end && ipBlock.cidr === `${end.address}/32`;
  if (namespaceSelector)
    return 'namespace' in end && selects(namespaceSelector, { 'kubernetes.io/metadata.name': end.namespace });
  return 'pod' in end && selects(podSelector ?? {}, end.pod);
}

function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => {
      if (operator !== 'In') throw new Error(`the evaluation knows no operator ${operator}`);
      return values.includes(labels[key] ?? '');
    })
  );
}
