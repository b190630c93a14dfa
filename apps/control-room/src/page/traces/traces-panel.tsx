import './traces.css';
import { useState } from 'react';
import type { RequestTrace, Slowest, TracedRequest } from '../../shared/traces.ts';
import { timeOf } from '../charts/words.ts';
import { usePolled } from '../use-polled.ts';
import { inWords, milliseconds, rowsOf, summaryOf } from './waterfall.ts';

/** A process sends its spans up to five seconds after they have ended, and a request's jobs go on after its answer. */
const pauseMs = 3_000;

/** One request as a waterfall: the one whose id is typed, or one of the slowest of the last minute. */
export function TracesPanel() {
  const [chosen, choose] = useState('');
  return (
    <div className="panel traces">
      <form
        className="trace-search"
        onSubmit={(event) => {
          event.preventDefault();
          choose(String(new FormData(event.currentTarget).get('id')).trim());
        }}
      >
        <label htmlFor="request-id">Request id</label>
        <input id="request-id" name="id" required maxLength={64} autoComplete="off" spellCheck={false} />
        <button type="submit" className="button-quiet">
          Show
        </button>
        <p className="text-sm text-muted">
          The header <code>x-request-id</code> of an answer. A share of the requests is traced, and those that
          ask for it with a <code>traceparent</code>.
        </p>
      </form>
      <SlowestRequests chosen={chosen} onChoose={choose} />
      {chosen && <Waterfall key={chosen} requestId={chosen} />}
    </div>
  );
}

function SlowestRequests({ chosen, onChoose }: { chosen: string; onChoose: (id: string) => void }) {
  const news = usePolled<Slowest>('/traces', pauseMs);
  if (!news) return <p className="text-muted">Asking for the slowest requests…</p>;
  if ('silent' in news)
    return (
      <p className="traces-silent" role="status">
        {news.silent}.
      </p>
    );
  return (
    <div>
      <h3 className="mb-2 text-base">The slowest of the last minute</h3>
      {news.requests.length === 0 ? (
        <p className="text-sm text-muted">No request was traced in the last minute.</p>
      ) : (
        <ul className="slowest">
          {news.requests.map((request) => (
            <li key={`${request.requestId} ${request.startMs}`}>
              <Choice request={request} pressed={request.requestId === chosen} onChoose={onChoose} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

type ChoiceProps = { request: TracedRequest; pressed: boolean; onChoose: (id: string) => void };

function Choice({ request, pressed, onChoose }: ChoiceProps) {
  const { requestId, name, startMs, durationMs, failed } = request;
  return (
    <button type="button" aria-pressed={pressed} data-failed={failed} onClick={() => onChoose(requestId)}>
      <span className="span-name">{name}</span>
      <span className="text-sm text-muted">{timeOf(startMs)}</span>
      <span className="span-time">{milliseconds(durationMs)}</span>
    </button>
  );
}

function Waterfall({ requestId }: { requestId: string }) {
  const news = usePolled<RequestTrace>(`/traces/${encodeURIComponent(requestId)}`, pauseMs);
  if (!news) return <p className="text-muted">Asking for the trace…</p>;
  if ('silent' in news)
    return (
      <p className="traces-silent" role="status">
        {news.silent}.
      </p>
    );
  if (news.spans.length === 0)
    return (
      <p className="text-muted" role="status">
        No trace of <code>{requestId}</code>: it was not traced, is older than 15 minutes, or its spans are on
        their way, which takes some seconds.
      </p>
    );
  const rows = rowsOf(news.spans);
  return (
    <div>
      <h3 className="mb-1 text-base">
        Request <code>{requestId}</code>
      </h3>
      <p className="mb-3 text-sm text-muted" role="status">
        {summaryOf(rows)}
      </p>
      <ol className="waterfall" aria-label="Waterfall">
        {rows.map((row) => (
          <li
            key={row.span.spanId}
            data-service={row.span.service}
            style={{ ['--depth' as string]: row.depth }}
            data-failed={row.span.failed}
          >
            <span className="sr-only">{inWords(row)}</span>
            <span
              className="span-name"
              aria-hidden
              title={String(row.span.attributes['db.query.text'] ?? '')}
            >
              <span className="service">{row.span.service}</span> {row.span.name}
            </span>
            <svg className="span-bar" aria-hidden>
              <rect x={`${row.from * 100}%`} width={`${row.width * 100}%`} height="100%" rx="2" />
            </svg>
            <span className="span-time" aria-hidden>
              {milliseconds(row.durationMs)}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
