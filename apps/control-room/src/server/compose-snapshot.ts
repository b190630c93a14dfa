import type { Listed } from '@shop/docker/engine-api.ts';
import type { ServiceLevel } from '../shared/service-level.ts';
import type { Seen, Snapshot } from '../shared/snapshot.ts';
import { stateOf } from '../shared/state.ts';
import { shortNames } from './names.ts';
import type { RateOf } from './rates.ts';
import type { RoleOf } from './roles.ts';
import type { Use } from './usage.ts';

/** The newest answer to each question but the list; absent while there is none. */
export interface Answers {
  uses?: Map<string, Use> | undefined;
  roleOf?: RoleOf | undefined;
  rateOf?: RateOf | undefined;
  balancing?: string[] | undefined;
  serviceLevel?: ServiceLevel | 'unknown';
  trouble?: string | undefined;
}

/** Joins the list of containers with what else is known of each. What does not run has no role, use or rate. */
export function snapshotOf({
  at,
  project,
  listed,
  uses,
  roleOf,
  rateOf,
  balancing,
  serviceLevel,
  trouble,
}: Answers & { at: number; project: string; listed: Listed[] }): Snapshot {
  const names = shortNames(project, listed);
  const containers = listed.map((container): Seen => {
    const { id, service, status } = container;
    const name = names.get(id)!;
    const seen: Seen = { id, name, service, state: stateOf(container), status };
    if (container.state !== 'running' && container.state !== 'paused') return seen;
    const [role, rate] = [roleOf?.(service), rateOf?.(container, name)];
    return { ...seen, ...uses?.get(id), ...(role && { role }), ...(rate && { rate }) };
  });
  const collator = new Intl.Collator('en', { numeric: true });
  containers.sort((a, b) => collator.compare(a.name, b.name));
  return {
    at,
    project,
    containers,
    ...(balancing && { balancing }),
    ...(serviceLevel && { serviceLevel }),
    ...(trouble && { trouble }),
  };
}
