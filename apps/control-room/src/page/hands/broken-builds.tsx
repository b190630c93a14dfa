import {
  type Action,
  type BrokenBuild,
  brokenBuildNames,
  brokenBuildOn,
  brokenBuilds,
} from '../../shared/actions.ts';

type Props = {
  actions: readonly Action[];
  onBreak: (build: BrokenBuild) => void;
  onUndo: (id: number) => void;
};

const states: Partial<Record<Action['outcome'], string>> = {
  doing: 'is being deployed, replica by replica',
  done: 'is on',
  undoing: 'is being replaced by the sound build',
};

/** The builds in which one mechanism is switched off, so that a person sees the verdict object. */
export function BrokenBuilds({ actions, onBreak, onUndo }: Props) {
  const on = brokenBuildOn(actions);
  if (on?.build) {
    const { title, shows } = brokenBuilds[on.build];
    return (
      <div className="broken-build" role="status">
        <p>
          <strong>A broken build {states[on.outcome]}.</strong> {title}. {shows}
        </p>
        <button
          type="button"
          className="button-quiet"
          disabled={on.outcome !== 'done'}
          onClick={() => onUndo(on.id)}
        >
          Switch off
        </button>
      </div>
    );
  }
  return (
    <details className="choices broken-builds">
      <summary>Would the verdict say no? Switch on a broken build</summary>
      <ul>
        {brokenBuildNames.map((build) => (
          <li key={build}>
            <span>
              <strong>{brokenBuilds[build].title}</strong>
              <span className="block text-sm text-muted" id={`shows-${build}`}>
                {brokenBuilds[build].shows}
              </span>
            </span>
            <button
              type="button"
              className="button-quiet"
              aria-label={`Switch on: ${brokenBuilds[build].title}`}
              aria-describedby={`shows-${build}`}
              onClick={() => onBreak(build)}
            >
              Switch on
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
