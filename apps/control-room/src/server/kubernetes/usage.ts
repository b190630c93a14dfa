import type { Use } from '../snapshot.ts';

/** The figures of a namespace's pods, as metrics-server has them. */
export interface MetricsAnswer {
  items: { metadata: { name: string }; containers: { usage: { cpu: string; memory: string } }[] }[];
}

/** What pods use, by their names, over the seconds that metrics-server measures: some 15, and as old. */
export function usesOf({ items }: MetricsAnswer): Map<string, Use> {
  return new Map(
    items.map(({ metadata, containers }) => [
      metadata.name,
      {
        cores: sum(containers.map(({ usage }) => quantity(usage.cpu))),
        memoryBytes: sum(containers.map(({ usage }) => quantity(usage.memory))),
      },
    ]),
  );
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const units: Record<string, number> = {
  ...{ n: 1e-9, u: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 },
};

/** @throws when it is no quantity of Kubernetes. */
function quantity(text: string): number {
  const [, digits, unit = ''] = /^(\d+)([a-zA-Z]*)$/.exec(text) ?? [];
  const factor = units[unit];
  if (digits === undefined || factor === undefined) throw new Error(`metrics-server says "${text}".`);
  return Number(digits) * factor;
}
