import type { ServiceLevel } from '../shared/service-level.ts';
import type { Rate, Role, Scaling, Seen, Snapshot } from '../shared/snapshot.ts';
import { hasProcesses } from '../shared/state.ts';

/** A container or a pod as it is listed. Under compose, Prometheus may know it by one of its addresses. */
export type Found = Omit<Seen, 'role' | 'cores' | 'memoryBytes' | 'rate'> & { addresses?: string[] };

/** What it uses of its machine; `cores` once they were measured. */
export type Use = { cores?: number; memoryBytes: number };

/** Gives the role of a service; `undefined` where it has none, or none of its group leads now. */
export type RoleOf = (service: string) => Role | undefined;

/** Gives the rate of a container; `undefined` where Prometheus has none. */
export type RateOf = (container: Pick<Found, 'name' | 'service' | 'addresses'>) => Rate | undefined;

/** The newest answer to each question but the list; absent while there is none. */
export interface Answers {
  uses?: Map<string, Use> | undefined;
  roleOf?: RoleOf | undefined;
  rateOf?: RateOf | undefined;
  balancing?: string[] | undefined;
  scaling?: Scaling | undefined;
  serviceLevel?: ServiceLevel | 'unknown';
}

const collator = new Intl.Collator('en', { numeric: true });

/** Joins the list with what else is known of each. What has no processes has no role, use or rate. */
export function snapshotOf({
  at,
  found,
  uses,
  roleOf,
  rateOf,
  balancing,
  scaling,
  serviceLevel,
  trouble,
}: Answers & { at: number; found: Found[]; trouble?: string | undefined }): Snapshot {
  const containers = found.map((container): Seen => {
    const { addresses: _, ...seen } = container;
    if (!hasProcesses(seen.state)) return seen;
    const [role, rate] = [roleOf?.(seen.service), rateOf?.(container)];
    return { ...seen, ...uses?.get(seen.id), ...(role && { role }), ...(rate && { rate }) };
  });
  containers.sort((a, b) => collator.compare(a.name, b.name));
  return {
    at,
    containers,
    ...(balancing && { balancing }),
    ...(scaling && { scaling }),
    ...(serviceLevel && { serviceLevel }),
    ...(trouble && { trouble }),
  };
}
