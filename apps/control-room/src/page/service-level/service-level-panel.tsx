import type { Alert, Objective, ServiceLevel } from '../../shared/service-level.ts';
import {
  callOf,
  detail,
  firing,
  headline,
  leftWords,
  names,
  promises,
  share,
  sinceWords,
  stateOf,
} from './words.ts';

type Props = {
  /** Absent before Prometheus' first answer. */
  level: ServiceLevel | 'unknown' | undefined;
  /** Milliseconds since the epoch. */
  now: number;
};

/** The alerts of Prometheus, and what is left of each error budget. */
export function ServiceLevelPanel({ level, now }: Props) {
  const known = level === 'unknown' ? undefined : level;
  return (
    <div className="panel service-level" data-call={callOf(level)}>
      <div>
        {/* Says a new alert to a screen reader: its text changes only when what fires does. */}
        <p className="call" role="status">
          {headline(level)}
          {known && firing(known).length > 0 && <span className="sr-only">: {names(firing(known))}</span>}
        </p>
        <p className="mt-1 text-sm text-muted">{detail(level)}</p>
      </div>
      {known && known.alerts.length > 0 && (
        <ul className="alerts" aria-label="Alerts">
          {known.alerts.map((alert) => (
            <AlertItem key={`${alert.name} ${alert.since} ${alert.summary}`} alert={alert} now={now} />
          ))}
        </ul>
      )}
      {known && (
        <div className="budgets">
          <h3 className="flex items-baseline justify-between gap-3 text-base">
            Error budget of 30 days <DocumentLink path="docs/objectives.md">Objectives</DocumentLink>
          </h3>
          {known.objectives.length === 0 && (
            <p className="text-sm text-muted">Prometheus has no figure of the objectives yet.</p>
          )}
          <dl>
            {known.objectives.map((objective) => (
              <Budget key={objective.name} objective={objective} />
            ))}
          </dl>
        </div>
      )}
    </div>
  );
}

function AlertItem({ alert, now }: { alert: Alert; now: number }) {
  const { name, state, severity, summary, runbook } = alert;
  return (
    <li data-state={state} data-severity={severity}>
      <p className="flex flex-wrap items-baseline gap-x-2">
        <strong>{name}</strong>
        <span className="severity">{state === 'firing' ? severity : `pending ${severity}`}</span>
      </p>
      <p>{summary}</p>
      <p className="flex flex-wrap items-baseline justify-between gap-x-3 text-sm text-muted">
        {sinceWords(alert, now)}
        <DocumentLink path={runbook} label={`Runbook: ${name}`}>
          Runbook
        </DocumentLink>
      </p>
    </li>
  );
}

function Budget({ objective }: { objective: Objective }) {
  const { name, target, left } = objective;
  return (
    <div className="budget" data-state={stateOf(objective)}>
      <dt>
        <span className="capitalize">{name}</span>
        <span className="block text-sm text-muted">
          {share(target)} {promises[name]}
        </span>
      </dt>
      <dd>
        <span className="budget-left">{leftWords(objective)}</span>
        {left !== undefined && (
          <span className="ml-1 text-sm text-muted">{left > 0 ? ' left' : ' missed'}</span>
        )}
      </dd>
      <svg className="budget-bar" aria-hidden>
        <rect width={`${Math.min(1, Math.max(0, left ?? 0)) * 100}%`} height="100%" />
      </svg>
    </div>
  );
}

/** A document of the repository, beside the page: shoppers stop when no page is open. */
function DocumentLink({ path, label, children }: { path: string; label?: string; children: string }) {
  return (
    <a className="document" href={`/${path}`} target="_blank" rel="noopener" aria-label={label}>
      {children}
    </a>
  );
}
