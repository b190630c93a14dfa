import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceLevel } from '../shared/service-level.ts';
import type { Scaling, Snapshot } from '../shared/snapshot.ts';
import { hasProcesses } from '../shared/state.ts';
import { type Answers, type Found, type RateOf, type RoleOf, snapshotOf, type Use } from './snapshot.ts';

/**
 * What there is to ask about a shop, under compose and on a cluster. Each may fail, or take as long as it likes. What
 * cannot be asked there is left out.
 */
export interface Questions {
  list(): Promise<Found[]>;
  /** @param ids of those that have processes. @throws with words for a person. */
  uses(ids: string[]): Promise<Map<string, Use>>;
  roles(): Promise<RoleOf>;
  /** @throws when Prometheus does not answer. */
  rates?(): Promise<RateOf>;
  /** The method of each edge. */
  balancing?(): Promise<string[]>;
  scaling?(): Promise<Scaling>;
  serviceLevel?(): Promise<ServiceLevel>;
}

/** How long each question waits after its last answer, in milliseconds. */
export const usualPauses = {
  list: 1_000,
  uses: 1_000,
  roles: 3_000,
  rates: 5_000,
  balancing: 3_000,
  scaling: 3_000,
  serviceLevel: 5_000,
};

type Listener = (snapshot: Snapshot) => void;

/**
 * Watches a topology while a page listens, and asks nothing otherwise. Each kind of question has a loop of its own: a
 * frozen container that answers no question about its role does not hold up the list of containers.
 */
export class Watch {
  readonly #questions: Questions;
  readonly #pauses: typeof usualPauses;
  readonly #listeners = new Set<Listener>();
  #end = new AbortController();

  constructor(questions: Questions, pauses = usualPauses) {
    this.#questions = questions;
    this.#pauses = pauses;
  }

  /** Calls `listener` with a snapshot each second. @returns what ends that. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#begin();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#end.abort();
    };
  }

  /** All that a loop knows is of this beginning: a watch that goes on later shows nothing from before. */
  #begin(): void {
    this.#end = new AbortController();
    const { signal } = this.#end;
    const { list, uses, roles, rates, balancing, scaling, serviceLevel } = this.#questions;
    let found: Found[] = [];
    let at = 0;
    const answers: Answers = {};
    /** By the question that was not answered. */
    const troubles: { uses?: string | undefined; rates?: string | undefined } = {};

    void again(this.#pauses.list, signal, async () => {
      const asked = await list().catch((error: Error) => error);
      if (signal.aborted) return;
      const failed = asked instanceof Error;
      if (!failed) [found, at] = [asked, Date.now()];
      const trouble = failed ? asked.message : (troubles.uses ?? troubles.rates);
      const snapshot = snapshotOf({ at, found, ...answers, trouble });
      for (const listener of this.#listeners) listener(snapshot);
    });
    void again(this.#pauses.uses, signal, async () => {
      const running = found.filter(({ state }) => hasProcesses(state) && state !== 'paused');
      const asked = await uses(running.map(({ id }) => id)).catch((error: Error) => error);
      const failed = asked instanceof Error;
      answers.uses = failed ? undefined : asked;
      troubles.uses = failed ? asked.message : undefined;
    });
    void again(this.#pauses.roles, signal, async () => {
      answers.roleOf = await roles().catch(() => undefined);
    });
    if (rates)
      void again(this.#pauses.rates, signal, async () => {
        answers.rateOf = await rates().catch(() => undefined);
        troubles.rates = answers.rateOf ? undefined : 'Prometheus does not answer: there are no rates.';
      });
    if (balancing)
      void again(this.#pauses.balancing, signal, async () => {
        answers.balancing = await balancing().catch(() => undefined);
      });
    if (scaling)
      void again(this.#pauses.scaling, signal, async () => {
        answers.scaling = await scaling().catch(() => undefined);
      });
    if (serviceLevel)
      void again(this.#pauses.serviceLevel, signal, async () => {
        answers.serviceLevel = await serviceLevel().catch(() => 'unknown' as const);
      });
  }
}

/** Does `work` again and again, `pauseMs` after its last end, until `signal`. `work` must not fail. */
async function again(pauseMs: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await work();
    await sleep(pauseMs, undefined, { signal }).catch(() => {});
  }
}
