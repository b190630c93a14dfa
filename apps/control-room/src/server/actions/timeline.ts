import { type Action, type BrokenBuild, brokenBuildOn } from '../../shared/actions.ts';

/** What can be done. Without `undo`, it cannot be taken back. */
export type Doable = {
  name: string;
  /** Whether shoppers may feel it: then the verdict says for how long. */
  isFault?: boolean;
  /** The broken build that it switches on. There is one at most. */
  build?: BrokenBuild;
  strike(): Promise<void>;
  undo?: () => Promise<void>;
};

/** Marks what shoppers may feel. */
export const fault = (doable: Doable): Doable => ({ ...doable, isFault: true });

/** Enough for an hour of play. */
const kept = 200;

/**
 * Everything that was done from the page, and what undoes it. An action is on the timeline from the moment at which it is
 * asked for, whatever becomes of it.
 */
export class Timeline {
  readonly #undos = new Map<number, () => Promise<void>>();
  /** What becomes of each action now, or became of it last. */
  readonly #becoming = new Map<number, Promise<void>>();
  readonly #log: (line: string) => void;
  readonly #onFault: (fault: Action) => void;
  #actions: Action[] = [];
  #count = 0;

  /**
   * @param log is called with a line for each action, each undo and each failure.
   * @param onFault is called with each fault before it strikes.
   */
  constructor(log: (line: string) => void = () => {}, onFault: (fault: Action) => void = () => {}) {
    this.#log = log;
    this.#onFault = onFault;
  }

  /** The newest first. */
  get actions(): readonly Action[] {
    return this.#actions;
  }

  /** Begins it. @returns the action, whose outcome changes when it has happened. */
  begin({ name, isFault = false, build, strike, undo }: Doable): Action {
    const action: Action = {
      id: ++this.#count,
      at: Date.now(),
      name,
      isFault,
      outcome: 'doing',
      undoable: Boolean(undo),
      ...(build && { build }),
    };
    if (isFault) this.#onFault(action);
    if (undo) this.#undos.set(action.id, undo);
    this.#actions = [action, ...this.#actions].slice(0, kept);
    this.#becoming.set(action.id, this.#become(action, strike, 'done'));
    return action;
  }

  /** Takes back what is done. @returns the action; `undefined` when there is none that could be undone now. */
  undo(id: number): Action | undefined {
    const action = this.#actions.find((known) => known.id === id);
    const undo = this.#undos.get(id);
    if (!action || !undo || action.outcome !== 'done') return undefined;
    action.outcome = 'undoing';
    this.#becoming.set(action.id, this.#become(action, undo, 'undone'));
    return action;
  }

  /** Switches a broken build off that is on, and returns when the sound one serves again. */
  async endBrokenBuild(): Promise<void> {
    const on = brokenBuildOn(this.#actions);
    if (!on) return;
    this.#log(`${on.name}: it is switched off before the end`);
    await this.#becoming.get(on.id);
    if (this.undo(on.id)) await this.#becoming.get(on.id);
  }

  async #become(action: Action, work: () => Promise<void>, outcome: 'done' | 'undone'): Promise<void> {
    const failed = await work().then(
      () => undefined,
      (error: Error) => error.message,
    );
    // An undo that failed can be tried again.
    action.outcome = failed === undefined ? outcome : outcome === 'undone' ? 'done' : 'failed';
    if (failed === undefined) delete action.error;
    else action.error = failed;
    this.#log(`${action.name}: ${failed === undefined ? outcome : `failed: ${failed}`}`);
  }
}
