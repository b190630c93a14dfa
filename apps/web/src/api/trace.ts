import { recall, remember } from './browser-storage.ts';
import { Observable } from './observable.ts';

/** One call as the browser saw it, with what its answer says about the servers: the system badge shows it. */
export type TracedCall = {
  id: number;
  method: string;
  path: string;
  /** 0: no edge answered. */
  status: number;
  attempts: number;
  /** All attempts together. */
  durationMs: number;
  port: string;
  replica: string;
  /** HIT, MISS, STALE or BYPASS; empty where the edge does not cache. */
  cache: string;
  /** The Server-Timing header, which shell/server-timing.ts reads when the badge is open. */
  timing: string;
};

const keptCalls = 20;

/** Replicas change with each release; those that answered last are kept. */
const keptReplicas = 12;
const storageName = 'replicas';

function rememberedReplicas(): Record<string, number> {
  try {
    return JSON.parse(recall(storageName) ?? '{}');
  } catch {
    return {};
  }
}

export const trace = new Observable<{ calls: TracedCall[]; replicas: Record<string, number> }>({
  calls: [],
  replicas: rememberedReplicas(),
});

/** The replica that has just answered is the last entry; the first one has been silent for longest. */
function counted(replicas: Record<string, number>, replica: string): Record<string, number> {
  const { [replica]: answers = 0, ...others } = replicas;
  const kept = Object.entries(others).slice(1 - keptReplicas);
  return { ...Object.fromEntries(kept), [replica]: answers + 1 };
}

let lastId = 0;

/** Records an answer, or that there was none. */
export function traceCall(
  call: Pick<TracedCall, 'method' | 'attempts' | 'durationMs'> & { url: URL; response?: Response },
): void {
  const { url, response, ...rest } = call;
  const header = (name: string) => response?.headers.get(name) ?? '';
  const traced: TracedCall = {
    ...rest,
    id: ++lastId,
    path: url.pathname,
    port: url.port,
    status: response?.status ?? 0,
    replica: header('x-served-by'),
    cache: header('x-cache'),
    timing: header('server-timing'),
  };
  // A copy from the edge's cache names the replica that made it, which has done nothing for this call.
  const { replica, cache } = traced;
  const worked = replica !== '' && cache !== 'HIT' && cache !== 'STALE';
  trace.update(({ calls, replicas }) => ({
    calls: [traced, ...calls].slice(0, keptCalls),
    replicas: worked ? counted(replicas, replica) : replicas,
  }));
  if (worked) remember(storageName, JSON.stringify(trace.get().replicas));
}
