import { useId } from 'react';
import { useObservable } from '../api/observable.ts';
import { type TracedCall, trace } from '../api/trace.ts';
import { count, integer } from '../components/format.ts';
import { chooseBadge } from '../session/badge-choice.ts';
import { type Work, workFor } from './server-timing.ts';

const columns = ['Call', 'Status', 'Took', 'Edge', 'Cache', 'Replica', 'Database'];

const milliseconds = (ms: number) => `${integer(Math.round(ms))} ms`;

/** The name of a server and the time that it took, if it is known. */
function Server({ name, ms }: Work) {
  if (!name) return <td className="text-muted">–</td>;
  return (
    <td className="whitespace-nowrap">
      {name} {ms !== undefined && <span className="text-muted tabular-nums">{milliseconds(ms)}</span>}
    </td>
  );
}

function CallRow({ call }: { call: TracedCall }) {
  const { edge, replica, database } = workFor(call);
  return (
    <tr className={call.status >= 500 || call.status === 0 ? 'text-danger' : ''}>
      <td className="max-w-52 truncate" title={call.path}>
        {call.method} {call.path.replace('/api/', '')}
      </td>
      <td className="tabular-nums">{call.status || 'none'}</td>
      <td className="whitespace-nowrap tabular-nums">
        {milliseconds(call.durationMs)}
        {call.attempts > 1 && ` · ${count(call.attempts, 'attempt')}`}
      </td>
      <Server {...edge} />
      <td>{call.cache || <span className="text-muted">–</span>}</td>
      <Server {...replica} />
      <Server {...database} />
    </tr>
  );
}

function Replicas({ replicas }: { replicas: Record<string, number> }) {
  const most = Math.max(...Object.values(replicas));
  return (
    <ul className="mt-2 grid gap-1.5">
      {Object.entries(replicas)
        .toSorted(([a], [b]) => a.localeCompare(b))
        .map(([name, answers]) => (
          <li key={name} className="grid grid-cols-[9rem_1fr_auto] items-center gap-3">
            <span className="truncate">{name}</span>
            <span aria-hidden className="h-1.5 rounded-full bg-sunken">
              <span
                className="block h-full rounded-full bg-accent"
                style={{ width: `${(answers / most) * 100}%` }}
              />
            </span>
            <span className="tabular-nums">{count(answers, 'answer')}</span>
          </li>
        ))}
    </ul>
  );
}

/** The containers that have served this page, and how long each took. It is about the system, not about shopping. */
export default function SystemBadge() {
  const { calls, replicas } = useObservable(trace);
  const id = useId();
  const last = calls[0];
  if (!last) return null;
  const { edge, replica, database } = workFor(last);
  const parts = [edge.name, replica.name, database.name, last.cache, milliseconds(last.durationMs)];
  return (
    <aside aria-label="The system behind this page" className="print:hidden">
      <button
        type="button"
        popoverTarget={id}
        className="fixed bottom-4 left-4 z-20 flex min-h-9 max-w-[calc(100vw-2rem)] items-center gap-2.5 rounded-full border border-line bg-raised px-3.5 text-xs text-muted shadow-lift hover:text-ink"
      >
        <span aria-hidden className="size-2 shrink-0 rounded-full bg-accent" />
        <span className="sr-only">Served by</span>
        <span className="truncate">{parts.filter(Boolean).join(' · ')}</span>
      </button>
      <div
        id={id}
        popover="auto"
        className="fixed inset-auto bottom-16 left-4 max-h-[75dvh] w-[min(52rem,92vw)] overflow-auto rounded-3xl border border-line bg-raised p-5 text-xs text-ink shadow-lift"
      >
        <h2 className="text-lg">Servers of this browser</h2>
        <p className="text-muted">The answers that each API replica made, and the last twenty calls.</p>
        <Replicas replicas={replicas} />
        <table className="mt-5 w-full text-left [&_td]:py-1 [&_td]:pr-3 [&_th]:py-1 [&_th]:pr-3 [&_th]:font-semibold [&_th]:text-muted">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {calls.map((call) => (
              <CallRow key={call.id} call={call} />
            ))}
          </tbody>
        </table>
        <p className="mt-4 text-muted">
          Cache: whether the edge had the answer (HIT), asked a replica (MISS), gave an old one because no
          replica answered (STALE), or asked because you have just changed something (BYPASS).{' '}
          <button type="button" className="link" onClick={() => chooseBadge(false)}>
            Hide this badge
          </button>
        </p>
      </div>
    </aside>
  );
}
