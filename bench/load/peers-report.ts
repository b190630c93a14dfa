import { readFileSync } from 'node:fs';
import { root } from '@shop/command/folders.ts';
import { type Column, right, table } from '@shop/report/table.ts';
import type { CallCost } from './call-cost.ts';
import { type PeerCall, type PeerName, peerCalls } from './peer.ts';
import { tierOf } from './profile-report.ts';

/** A row of a table: a shop, or our shop with or without its caches. */
export type Row = 'ours' | 'ours, cached' | PeerName;

/** The result of a run as programs read it. */
export type PeersResult = {
  provenance: string;
  /** Milliseconds of processor time that each shop uses in a second while no client calls. */
  idleMsPerSecond: Record<string, number>;
  /** The medians of the rounds. */
  calls: Record<PeerCall, Partial<Record<Row, CallCost>>>;
  /** The figures of each round. */
  rounds: { call: PeerCall; row: Row; costs: CallCost[] }[];
};

const columns = ['servers', 'workers', 'Postgres', 'Redis', 'rest'];
const columnOfTier: Record<string, string> = {
  ...{ API: 'servers', workers: 'workers', Postgres: 'Postgres', Redis: 'Redis', cache: 'Redis' },
  ...{ server: 'servers', worker: 'workers', postgres: 'Postgres', redis: 'Redis' },
};

/** The column of a service of our shop; undefined for a service that no call passes. */
export function columnOfOurs(service: string): string | undefined {
  const tier = tierOf(service);
  return tier && (columnOfTier[tier] ?? 'rest');
}

/** The column of a peer's service; undefined for a service of another peer. */
export function columnOf(peer: PeerName, service: string): string | undefined {
  if (!service.startsWith(`${peer}-`)) return undefined;
  return columnOfTier[service.slice(peer.length + 1)] ?? 'rest';
}

const names: Record<Row, string> = {
  ours: 'this shop',
  'ours, cached': 'this shop, cached',
  vendure: 'Vendure',
  medusa: 'Medusa',
};

/** What a shop does more or less than the others in a call. */
const differences: Record<PeerCall, Partial<Record<Row, string>>> = {
  order: {
    ours: '2 requests: put a line into the cart (Redis), order. The commit waits for a second Postgres; an idempotency key and an outbox make order, payment and mail happen once. The payment is captured at a provider in a process of its own. One mail. No address, shipping or tax.',
    vendure:
      '5 requests: line, address, shipping, checkout, payment. More: taxes, shipping, promotions, a history of the order, the stock in the search index. One mail, rendered from MJML. Less: one Postgres, no key against repetition, and the dummy payment is settled inside of the request.',
    medusa:
      '5 requests: cart with line and address, shipping, payment collection, payment session, completion. More: taxes, shipping, promotions, reservations of stock, workflows that undo their steps, events. Less: no mail (its provider needs an account), one Postgres, and the dummy payment is captured inside of the request.',
  },
  'own orders': {
    ours: 'The five orders of a customer with their lines, through an edge; the session is in Redis, and the database compares the replica’s position.',
    vendure:
      'The newest five of a customer’s orders with their lines, and the number of all. The session is in Redis.',
    medusa:
      'The newest five of a customer’s orders with their lines, totals that are computed from lines and taxes, and the number of all. A signed token, no session.',
  },
  'product detail': {
    ours: 'By a session that has just written, so neither cache may answer.',
    'ours, cached':
      'By a guest: the edge’s answer of this second, or the cache in Redis. The peers have nothing in front of them; what a proxy or CDN would give them is not measured.',
    vendure: 'By its slug, with variant, price, stock and collections, read from Postgres.',
    medusa: 'With variants, options, images, tags, stock and the price computed for the region.',
  },
  'list of 24': {
    ours: 'By a session that has just written, so neither cache may answer.',
    'ours, cached': 'By a guest: the edge’s answer of this second.',
    vendure: 'From the table of the search plugin, and the number of all products.',
    medusa:
      'As much of each product as in its detail, and the number of all products. Medusa keeps the answer of this query in Redis, unlike that of the detail, so the row to compare it with is ours with caches.',
  },
};

const heads: Column[] = ['shop', ...['CPU-ms', '÷ ours', 'rate', 'median'].map(right), ...columns.map(right)];

/** @param notes the section of the report that people write; it stays as it was. */
export function reportOf(
  { provenance, idleMsPerSecond, calls }: Omit<PeersResult, 'rounds'>,
  notes: string,
): string {
  const idle = Object.entries(idleMsPerSecond).map(([shop, ms]) => `${shop} ${Math.round(ms)}`);
  return `# Beside Vendure and Medusa

${provenance}, everything on that one machine, the clients too. Each client sends its next call when the last one is answered. CPU-ms are milliseconds of processor time a call, from the kernel's accounts of all containers of a shop, the jobs that follow included: each measurement ends when no job waits. What the idle shop uses is taken off. Figures are medians of the rounds, in which the shops took turns; the warm-up before each measurement does not count. The clients run outside of the containers and are not counted. All three shops run all the time, and an idle shop takes from the others' rates. Milliseconds of processor time in a second without calls: ${idle.join(', ')}. CPU-ms suffer less from that and from other work of the machine than rates and medians.

${peerCalls.map((call) => sectionOf(call, calls[call])).join('\n\n')}

## How each runs

All have the 481 products of \`catalog/\`, ten signed-in customers at most, a dummy payment, Node 24, and Postgres and Redis of Debian 13. Tables and queues begin empty. \`bench/peers/compose.yml\` has every setting.

- This shop as \`npm start\` runs it: two edges (nginx), three API replicas, two workers, a payment provider, PgBouncer and HAProxy, Postgres with two standbys (a commit waits for one), Redis with two replicas, a cache, object storage, metrics. The containers that no call passes are not counted.
- Vendure ${versionOf('vendure', '@vendure/core')}: two servers, one worker, compiled, \`NODE_ENV=production\`. As its guides for production and horizontal scaling recommend: BullMQ for jobs, the cache in Redis, HardenPlugin, UUIDs; DefaultSearchPlugin and EmailPlugin as its installer writes them, mails by SMTP to the same mail sink as ours. One Postgres without standby. Left out: dashboard and assets.
- Medusa ${versionOf('medusa', '@medusajs/medusa')}: two servers (\`MEDUSA_WORKER_MODE=server\`), one worker, \`medusa build\`, \`NODE_ENV=production\`. As its deployment guide recommends: Redis for sessions, caching, events, workflows and locks. One Postgres without standby. Left out: the admin's pages, S3 and SendGrid. Its own dummy payment only authorizes, so a provider of 40 lines captures (\`bench/peers/medusa/src/modules/\`).
- Both peers' Postgres has 256 MB of shared buffers, four times as much as ours, and otherwise Postgres' defaults; queries are neither compiled nor spread over processes, as in ours. Each commit is flushed to the disk.
${notes ? `\n${notes}` : ''}`;
}

function sectionOf(call: PeerCall, costs: Partial<Record<Row, CallCost>>): string {
  const rows = Object.entries(costs) as [Row, CallCost][];
  const oursMs = costs.ours?.totalMs;
  const lines = rows.map(([row, cost]) => [
    names[row],
    milliseconds(cost.totalMs),
    oursMs ? (cost.totalMs / oursMs).toFixed(cost.totalMs < oursMs / 10 ? 3 : 1) : null,
    `${cost.perSecond.toFixed(cost.perSecond < 100 ? 1 : 0)} /s`,
    `${Math.round(cost.medianMs)} ms`,
    ...columns.map((column) => {
      const ms = cost.tiersMs[column] ?? 0;
      return Math.abs(ms) < 0.005 ? null : milliseconds(ms);
    }),
  ]);
  const remarks = rows.map(([row]) => `- ${names[row]}: ${differences[call][row]}`);
  const title = call[0]!.toUpperCase() + call.slice(1);
  return `## ${title}\n\n${table(heads, lines)}\n\n${remarks.join('\n')}`;
}

const milliseconds = (ms: number) => ms.toFixed(ms < 1 ? 3 : ms < 100 ? 2 : 0);

/** The version that a peer's lock file pins. */
function versionOf(peer: PeerName, name: string): string {
  const lock = JSON.parse(readFileSync(`${root}bench/peers/${peer}/package-lock.json`, 'utf8'));
  return lock.packages[`node_modules/${name}`].version;
}
