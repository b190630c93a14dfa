import type { Bench } from '@shop/lab/bench.ts';
import { defineLab, type Figures, type Results, type Run } from '@shop/lab/lab.ts';
import type { LoadResult } from '@shop/lab/load.ts';
import { clientOf, type Way } from './connections.ts';

/** A small file that the edge serves itself: the lab measures the connection. */
const path = '/robots.txt';

async function measure(bench: Bench, way: Way): Promise<Figures> {
  const { send, end } = clientOf(`${way.tls ? bench.edgeTls : bench.edge}${path}`, way);
  // The first connection has no session to resume, so the share excludes it.
  await send(0);
  let result: LoadResult | undefined;
  bench.report(`4 clients for ${bench.seconds} s`);
  const edgeCpuMs = await bench.cpuMs(['edge-1'], async () => {
    result = await bench.load(send, { clients: 4, seconds: bench.seconds });
  });
  if (!result) throw new Error('the load gave no result');
  const { opened, resumed, bytesIn } = await end();
  return {
    perSecond: result.perSecond,
    p50Ms: result.p50Ms,
    failed: result.failed,
    opened,
    resumed: (100 * resumed) / (opened - 1),
    bytes: bytesIn / (result.total + 1),
    edgeCpuMs: edgeCpuMs / result.total,
  };
}

const run = (name: string, way: Way): Run => ({ name, measure: (bench) => measure(bench, way) });
const plain = 'plain, kept alive';
const kept = 'TLS 1.3, kept alive';
const full = 'TLS 1.3, full handshake each';
const resumed = 'TLS 1.3, resumed each';
const full12 = 'TLS 1.2, full handshake each';
const resumed12 = 'TLS 1.2, resumed each';
const all = [plain, kept, full, resumed, full12, resumed12];

const ratio = ({ of }: Results, one: string, other: string, column: string) =>
  of(one, column) / of(other, column);

export default defineLab({
  title: 'TLS at the edge',
  question:
    'What does encryption cost at the edge: the bytes, or the handshake? And what does a resumed one save?',
  hypothesis:
    'The handshake costs most, so a connection that stays open pays once. A resumed handshake saves the certificate and the signature; under TLS 1.3 it still agrees on a new key, so it saves less than its name promises.',
  extras: ['edge-1'],
  columns: {
    perSecond: { title: 'rate', unit: '/s' },
    p50Ms: { title: 'p50', unit: 'ms', digits: 1 },
    failed: { title: 'failed' },
    opened: { title: 'connections' },
    resumed: { title: 'resumed', unit: '%', digits: 1 },
    bytes: { title: 'in, a request', unit: 'bytes' },
    edgeCpuMs: { title: 'edge, a request', unit: 'CPU-ms', digits: 3 },
  },
  runs: [
    { ...run(plain, { keepAlive: true }), control: true },
    run(kept, { keepAlive: true, tls: 'TLSv1.3' }),
    run(full, { keepAlive: false, tls: 'TLSv1.3' }),
    run(resumed, { keepAlive: false, tls: 'TLSv1.3', resumes: true }),
    run(full12, { keepAlive: false, tls: 'TLSv1.2' }),
    run(resumed12, { keepAlive: false, tls: 'TLSv1.2', resumes: true }),
  ],
  claims: [
    {
      says: 'processor time of the edge a request: a full handshake each ÷ kept alive',
      of: (results) => ratio(results, full, kept, 'edgeCpuMs'),
      atLeast: 3,
    },
    {
      says: 'percent of the connections that were resumed where the client keeps its session',
      of: ({ of }) => Math.min(of(resumed, 'resumed'), of(resumed12, 'resumed')),
      atLeast: 95,
    },
    {
      says: 'percent of the connections that were resumed where it does not',
      of: ({ of }) => Math.max(of(full, 'resumed'), of(full12, 'resumed')),
      atMost: 0,
      control: true,
    },
    {
      says: 'bytes from the edge, TLS 1.3: resumed ÷ full',
      of: (results) => ratio(results, resumed, full, 'bytes'),
      atMost: 0.9,
    },
    {
      says: 'processor time of the edge a request, TLS 1.2: resumed ÷ full',
      of: (results) => ratio(results, resumed12, full12, 'edgeCpuMs'),
      atMost: 0.85,
    },
    {
      says: 'processor time of the edge a request, TLS 1.3: resumed ÷ kept alive',
      of: (results) => ratio(results, resumed, kept, 'edgeCpuMs'),
      atLeast: 2,
    },
    {
      says: 'processor time of the edge a request, both kept alive: TLS ÷ plain',
      of: (results) => ratio(results, kept, plain, 'edgeCpuMs'),
      atMost: 2,
      control: true,
    },
    {
      says: 'failed requests',
      of: ({ of }) => all.reduce((sum, name) => sum + of(name, 'failed'), 0),
      atMost: 0,
    },
  ],
  plot: 'edgeCpuMs',
  meaning: (results) => {
    const { of } = results;
    const saved = (one: string, other: string) =>
      `${(100 * (1 - ratio(results, one, other, 'edgeCpuMs'))).toFixed(0)} %`;
    return `A full handshake a request costs the edge ${ratio(results, full, kept, 'edgeCpuMs').toFixed(1)} times what a request on an open connection costs. Of ${of(resumed, 'opened').toFixed(0)} connections ${of(resumed, 'resumed').toFixed(0)} % were resumed, which saved ${(of(full, 'bytes') - of(resumed, 'bytes')).toFixed(0)} bytes each and ${saved(resumed, full)} of the processor time under TLS 1.3, ${saved(resumed12, full12)} under TLS 1.2: a signature with an elliptic key is cheap, and TLS 1.3 agrees on a new key each time, so that a stolen session opens no past traffic. What pays is the open connection.`;
  },
  code: ['infra/edge/nginx/nginx.conf', 'infra/secrets/generate.sh', 'labs/06-tls/connections.ts'],
  tryNext: [
    '`ssl_session_cache off` in infra/edge/nginx/nginx.conf: no connection is resumed, and the lab says so',
    '`rsa:4096` in the place of `ec` in infra/secrets/generate.sh: the signature becomes many times dearer, and a resumed handshake worth its name',
  ],
});
