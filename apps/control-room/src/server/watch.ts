import { setTimeout as sleep } from 'node:timers/promises';
import type { Listed } from '@shop/docker/engine-api.ts';
import type { ServiceLevel } from '../shared/service-level.ts';
import type { Snapshot } from '../shared/snapshot.ts';
import { type Answers, snapshotOf } from './compose-snapshot.ts';
import type { RateOf } from './rates.ts';
import type { RoleOf } from './roles.ts';
import type { Use } from './usage.ts';

/** What there is to ask about a topology. Each may fail, or take as long as it likes. */
export interface Questions {
  /** Compose's project name. */
  project: string;
  list(): Promise<Listed[]>;
  /** @param ids of containers that run. */
  uses(ids: string[]): Promise<Map<string, Use>>;
  roles(): Promise<RoleOf>;
  rates(): Promise<RateOf>;
  /** The method of each edge. */
  balancing(): Promise<string[]>;
  serviceLevel(): Promise<ServiceLevel>;
}

/** How long each question waits after its last answer, in milliseconds. */
const usualPauses = {
  list: 1_000,
  uses: 1_000,
  roles: 3_000,
  rates: 5_000,
  balancing: 3_000,
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
    const { project, list, uses, roles, rates, balancing, serviceLevel } = this.#questions;
    let listed: Listed[] = [];
    let at = 0;
    const answers: Answers = {};

    void again(this.#pauses.list, signal, async () => {
      const asked = await list().catch((error: Error) => error);
      if (signal.aborted) return;
      const failed = asked instanceof Error;
      if (!failed) [listed, at] = [asked, Date.now()];
      const trouble = failed ? asked.message : answers.trouble;
      const snapshot = snapshotOf({ at, project, listed, ...answers, trouble });
      for (const listener of this.#listeners) listener(snapshot);
    });
    void again(this.#pauses.uses, signal, async () => {
      const running = listed.filter(({ state }) => state === 'running');
      answers.uses = await uses(running.map(({ id }) => id)).catch(() => undefined);
    });
    void again(this.#pauses.roles, signal, async () => {
      answers.roleOf = await roles().catch(() => undefined);
    });
    void again(this.#pauses.rates, signal, async () => {
      answers.rateOf = await rates().catch(() => undefined);
      answers.trouble = answers.rateOf ? undefined : 'Prometheus does not answer: there are no rates.';
    });
    void again(this.#pauses.balancing, signal, async () => {
      answers.balancing = await balancing().catch(() => undefined);
    });
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
