import { useEffect, useRef } from 'react';
import { type Experiment, type ExperimentNews, isOver } from '../../shared/experiments.ts';
import { Code } from '../code.tsx';
import { usePolled } from '../use-polled.ts';
import { headlineOf } from './words.ts';

/** The list changes only with the server. */
const pauseMs = 60_000;

const kinds = [
  {
    kind: 'deployment',
    title: 'Deployment',
    verb: 'Start',
    says: 'Change something in the project first: one container after the other is then replaced, and what is up to date stays.',
  },
  {
    kind: 'lab',
    title: 'Labs',
    verb: 'Play',
    says: 'Each in its quick form, on containers of its own. The first one builds images, which takes minutes.',
  },
  {
    kind: 'scenario',
    title: 'Scenarios',
    verb: 'Play',
    says: 'Shoppers shop in this shop while parts of it are struck; then the checkers look for broken promises.',
  },
] as const;

type Props = {
  news: ExperimentNews | undefined;
  onPlay: (name: string) => void;
  onStop: () => void;
};

/** Starts a deployment, a lab or a scenario, and shows what it prints and what came of it. */
export function ExperimentsPanel({ news, onPlay, onStop }: Props) {
  const experiments = usePolled<Experiment[]>('/experiments', pauseMs);
  const busy = news !== undefined && !isOver(news);
  return (
    <>
      {news && <Played news={news} onStop={onStop} />}
      {Array.isArray(experiments) &&
        kinds.map(({ kind, title, verb, says }) => (
          <details key={kind} className="choices">
            <summary>{title}</summary>
            <p className="mt-2 text-sm text-muted">{says}</p>
            <ul>
              {experiments
                .filter((experiment) => experiment.kind === kind)
                .map(({ name, says }) => (
                  <li key={name}>
                    <span>
                      <strong>{name}</strong>
                      <span className="block text-sm text-muted" id={`asks-${name}`}>
                        {says}
                      </span>
                    </span>
                    <button
                      type="button"
                      className="button-quiet"
                      aria-label={`${verb} ${name}`}
                      aria-describedby={`asks-${name}`}
                      disabled={busy}
                      onClick={() => onPlay(name)}
                    >
                      {verb}
                    </button>
                  </li>
                ))}
            </ul>
          </details>
        ))}
    </>
  );
}

function Played({ news, onStop }: { news: ExperimentNews; onStop: () => void }) {
  const { experiment, state, lines } = news;
  const end = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new line is shown
  useEffect(() => {
    if (end.current) end.current.scrollTop = end.current.scrollHeight;
  }, [lines.length]);
  return (
    <div className="played panel" data-state={state}>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <p>
          <strong role="status">{headlineOf(news)}</strong>
          <span className="block text-sm text-muted">{experiment.says}</span>
        </p>
        {!isOver(news) && (
          <button type="button" className="button-quiet" disabled={state === 'stopping'} onClick={onStop}>
            Stop it
          </button>
        )}
      </div>
      {lines.length > 0 && (
        <Code ref={end} label="What it prints">
          {lines.join('\n')}
        </Code>
      )}
    </div>
  );
}
