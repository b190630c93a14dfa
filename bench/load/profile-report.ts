import { table } from '@shop/report/table.ts';
import type { CallCost } from './call-cost.ts';

/** The measured calls, by their names in the table; `load/profile-calls.ts` makes them. */
export const calls = [
  'order',
  'cart and order',
  'own order',
  'own orders',
  'me',
  'cart read',
  'cart put',
  'whoami',
  'product detail, uncached',
  'product detail, cached',
  'list, uncached',
  'list, cached',
] as const;
export type Call = (typeof calls)[number];

/** The figures of one call: the mean over a measurement. */
export type CallFigures = CallCost & {
  /** Commits that a standby had to confirm. */
  commits: number;
  /** Messages to Postgres whose answer PgBouncer waited for. */
  requestsToPostgres: number;
};

/** The result of a run as programs read it. `calls` also has an entry for `pgbench`. */
export type Profile = { provenance: string; calls: Record<string, CallFigures> };

const tiers: [tier: string, services: RegExp][] = [
  ['edge', /^edge-\d$/],
  ['API', /^api$/],
  ['workers', /^worker$/],
  ['payments', /^payments$/],
  ['PgBouncer', /^pgbouncer$/],
  ['HAProxy', /^haproxy-\d$/],
  ['Postgres', /^db-\d$/],
  ['Redis', /^redis-\d$/],
  ['cache', /^cache$/],
  ['mail sink', /^mail$/],
];

/** The tier of a service; undefined for a service that no call passes. */
export const tierOf = (service: string) => tiers.find(([, services]) => services.test(service))?.[0];

/** The goals: the cost of an order, as a ratio to pgbench in the same run, and the API's time for the other calls. */
const apiGoalsMs: Partial<Record<Call, number>> = { 'own order': 0.4, 'cart read': 0.25, whoami: 0.1 };

/** @param notes the section of the report that people write; it stays as it was. */
export function reportOf({ provenance, calls: figures }: Profile, notes: string): string {
  const rows = Object.entries(figures).map(([call, { tiersMs, totalMs, perSecond }]) => [
    call,
    totalMs.toFixed(totalMs < 1 ? 3 : 2),
    `${Math.round(perSecond)} /s`,
    ...tiers.map(([tier]) => (Math.abs(tiersMs[tier] ?? 0) < 0.005 ? '' : (tiersMs[tier] ?? 0).toFixed(2))),
  ]);
  const header = ['call', 'CPU-ms', 'rate', ...tiers.map(([tier]) => tier)];
  return `# What a call costs

${provenance}, everything on that one machine, the clients too. Milliseconds of processor time a call by tier, from the kernel's accounts of the containers, medians of the rounds. What the idle topology uses is taken off. An order includes all that follows from it: each measurement ends when no event waits. The clients run outside of the containers and are not counted. Reads are of sessions whose last write is a minute ago; "product detail, uncached" is of sessions that have just written.

${table(header, rows)}

${table(['ratio', 'measured', 'goal', 'kept'], ratios(figures))}

pgbench runs the order's own transaction on the primary's socket (\`bench/load/order.pgbench.sql\`); its row is the processor time of the three database containers, pgbench itself included. A quorum commit is a commit record in the write-ahead log of the primary (\`pg_waldump\`): a commit that wrote nothing leaves none. A request to Postgres is a message that PgBouncer passed on and waited for.
${notes ? `\n${notes}` : ''}`;
}

function ratios(figures: Profile['calls']): string[][] {
  const { order, pgbench } = figures;
  const row = (name: string, measured: number, goal: number, atLeast = false) => [
    name,
    measured.toFixed(2),
    `${atLeast ? 'at least' : 'at most'} ${goal}`,
    (atLeast ? measured >= goal : measured <= goal) ? 'yes' : 'no',
  ];
  const ofOrders =
    order && pgbench
      ? [
          row('order, CPU-ms ÷ pgbench’s', order.totalMs / pgbench.totalMs, 1.8),
          row(
            'orders/s, effects done at the same time ÷ pgbench’s',
            order.perSecond / pgbench.perSecond,
            0.55,
            true,
          ),
          row('order, median ÷ pgbench’s', order.medianMs / pgbench.medianMs, 2),
          row('quorum commits an order', order.commits, 4),
          ['requests to Postgres an order', order.requestsToPostgres.toFixed(1), '', ''],
        ]
      : [];
  const ofApi = Object.entries(apiGoalsMs).flatMap(([call, goal]) => {
    const spentMs = figures[call]?.tiersMs.API;
    return spentMs === undefined ? [] : [row(`${call}, CPU-ms in the API`, spentMs, goal)];
  });
  return [...ofOrders, ...ofApi];
}
