import { allTargets, type Target } from '../topology/targets.ts';
import type { ClientKind } from '../workload/calls.ts';
import type { Strike } from './strike.ts';

/** A row of the table: the struck containers, the fault, and what must hold. */
export type ScenarioRow = {
  name: string;
  claim: string;
  client: ClientKind;
  strikes: Strike[];
  /** Takes longer than `npm test` allows; `npm run test:nightly` plays it. */
  nightly?: true;
  /** The shop does not promise to serve through this fault; even so nothing may be lost or doubled. */
  mayFail?: boolean;
};

/** Promise 7 holds for these without a client that retries. Some of them are not visible to shoppers at all. */
const unnoticed: Target[] = [
  'api',
  'worker',
  'pgbouncer',
  'haproxy',
  'db-replica',
  'etcd-leader',
  'etcd-follower',
  'sentinel',
  'cache',
  'minio',
  'payments',
  'fencer',
  'prometheus',
  'traces',
  'mail',
];
/** Services with several containers, and a database node that is not the primary. */
export const oneOfEach: readonly Target[] = [
  'api',
  'worker',
  'pgbouncer',
  'haproxy',
  'db-replica',
  'etcd-follower',
  'redis-replica',
  'sentinel',
  'minio',
];
/** Longer than a connection of PgBouncer lives (`server_lifetime`): every connection has been renewed by then. */
const goneMs = 35_000;
/** A graceful stop of these loses nothing: promise 8. */
const stateless: Target[] = ['api', 'worker', 'pgbouncer', 'haproxy', 'payments', 'mail'];

/**
 * How long a silence lasts: longer than any client of that component waits for it (ARCHITECTURE.md has the table), so
 * that each client must work without it. That is 9 s for a replica of the API, 10 s for a node of MinIO, 7.5 s for a
 * query in progress. No answer depends on the other components.
 */
const silenceMs = (target: Target): number => {
  if (['edge', 'api', 'minio'].includes(target)) return 10_500;
  if (/^(pgbouncer|haproxy|db-|redis-)/.test(target)) return 8_000;
  return 2_000;
};

const strikes = (fault: Strike['fault'], targets: Target[], holdMs: number): Strike[] =>
  targets.map((target) => ({ fault, targets: [target], holdMs }));
const silent = (fault: Strike['fault']) =>
  allTargets.flatMap((target) => strikes(fault, [target], silenceMs(target)));

export const scenarios: ScenarioRow[] = [
  {
    name: 'kill-unnoticed',
    claim: 'no attempt fails when a container that no request waits for is killed',
    client: 'one-attempt',
    strikes: strikes('kill', unnoticed, 2_000),
  },
  {
    name: 'stop-stateless',
    claim: 'no attempt fails when a stateless container is stopped gracefully',
    client: 'one-attempt',
    nightly: true,
    strikes: strikes('stop', stateless, 500),
  },
  {
    name: 'kill-primaries',
    claim: 'every operation succeeds within 30 s when an edge or a primary is killed',
    client: 'retrying',
    strikes: [
      ...strikes('kill', ['db-primary'], 6_000),
      ...strikes('kill', ['edge', 'redis-replica', 'redis-primary'], 4_000),
      ...strikes('stop', ['edge'], 2_000),
    ],
  },
  {
    name: 'kill-two-kinds',
    claim: 'every operation succeeds within 30 s when two kinds of container are killed at once',
    client: 'retrying',
    nightly: true,
    strikes: [
      { fault: 'kill', targets: ['api', 'redis-primary'], holdMs: 4_000 },
      { fault: 'kill', targets: ['pgbouncer', 'db-replica'], holdMs: 3_000 },
      { fault: 'kill', targets: ['edge', 'db-primary'], holdMs: 6_000 },
      { fault: 'kill', targets: ['sentinel', 'etcd-leader'], holdMs: 3_000 },
    ],
  },
  {
    name: 'kill-one-of-each',
    claim: 'no attempt fails while one of everything behind the edges stays dead',
    client: 'one-attempt',
    nightly: true,
    strikes: [{ fault: 'kill', targets: [...oneOfEach], holdMs: goneMs }],
  },
  {
    name: 'pause-any',
    claim: 'every operation succeeds within 30 s when any container is paused',
    client: 'retrying',
    nightly: true,
    strikes: silent('pause'),
  },
  {
    name: 'cut-any',
    claim: 'every operation succeeds within 30 s when any container is cut off its networks',
    client: 'retrying',
    nightly: true,
    strikes: silent('cut'),
  },
  {
    name: 'power-cut',
    claim: 'nothing acknowledged is lost or doubled when every container is killed at once',
    client: 'retrying',
    strikes: [{ fault: 'power cut', targets: [], holdMs: 1_000 }],
    mayFail: true,
  },
];

/** @throws when the table has no such row. */
export function scenarioNamed(name: string): ScenarioRow {
  const row = scenarios.find((scenario) => scenario.name === name);
  if (!row)
    throw new Error(`no scenario is called ${name}; there are ${scenarios.map((s) => s.name).join(', ')}`);
  return row;
}
