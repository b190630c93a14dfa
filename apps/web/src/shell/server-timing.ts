import type { TracedCall } from '../api/trace.ts';

/** Which servers worked for an answer and how long, from its Server-Timing header (W3C): `db;desc="db-2";dur=3.1`. */
export type Work = { name: string; ms?: number };
type Timing = { name: string; description: string; ms: number | undefined };

function timingsIn(header: string): Timing[] {
  return header.split(',').map((entry) => {
    const duration = /;dur=([\d.]+)/.exec(entry)?.[1];
    return {
      name: entry.split(';', 1)[0]?.trim() ?? '',
      description: /;desc="?([^";]+)/.exec(entry)?.[1] ?? '',
      ms: duration === undefined ? undefined : Number(duration),
    };
  });
}

/** Several reads from one node count as one; `cache` when the catalogue's cache answered all of them. */
function databaseOf(timings: Timing[]): Work {
  const reads = timings.filter(({ name }) => name === 'db');
  if (reads.length === 0) {
    const spared = timings.some((each) => each.name === 'catalogue-cache' && each.description === 'hit');
    return { name: spared ? 'cache' : '' };
  }
  return {
    name: [...new Set(reads.map(({ description }) => description))].join(', '),
    ms: reads.reduce((sum, { ms = 0 }) => sum + ms, 0),
  };
}

export function workFor({ timing, port, replica }: TracedCall): {
  edge: Work;
  replica: Work;
  database: Work;
} {
  const timings = timingsIn(timing);
  const edge = timings.find(({ name }) => name === 'edge');
  return {
    edge: { name: edge?.description || `:${port}`, ms: edge?.ms },
    replica: { name: replica, ms: timings.find(({ name }) => name === 'total')?.ms },
    database: databaseOf(timings),
  };
}
