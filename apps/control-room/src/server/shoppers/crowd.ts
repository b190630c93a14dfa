import { setTimeout as sleep } from 'node:timers/promises';
import type { Operation } from '@shop/chaos/workload/history.ts';
import type { Shape, Verdict } from '../../shared/shoppers.ts';
import { Failovers, type Fault } from './failovers.ts';
import { Ledger } from './ledger.ts';
import { LiveHistory } from './live-history.ts';
import { type Round, type StartRound, startRound } from './round.ts';

const usualPauses = {
  /** Between two looks at the tables. */
  lookMs: 5_000,
  /** A round's history is forgotten after its last look: this bounds the memory and the checkers' work. */
  roundMs: 120_000,
  /** How long a round that has ended waits for a database that can be read. */
  patienceMs: 60_000,
};

type Shopping = Round & { startedAt: number; endedAt?: number; lastLooks: number };

/** The shoppers, round after round, and the running verdict over all rounds. */
export class Crowd {
  readonly #pauses: typeof usualPauses;
  readonly #startRound: StartRound;
  readonly #ledger = new Ledger();
  readonly #failovers = new Failovers();
  readonly #rounds = new Set<Shopping>();
  readonly #counts = { operations: 0, failed: 0, retries: 0, acknowledged: 0 };
  #current: Shopping | undefined;
  /** The last round that was asked for: rounds begin one after the other. */
  #beginning: Promise<void> = Promise.resolve();
  #shape: Shape | undefined;
  #begun = 0;
  /** Of the rounds that are forgotten. */
  #compared = 0;
  #lookedAt: Verdict['compared'];
  #trouble: string | undefined;

  constructor(begin: StartRound = startRound, pauses = usualPauses) {
    this.#startRound = begin;
    this.#pauses = pauses;
  }

  /** Begins a round of this shape, and ends the one before it. @throws when the shop lets none begin. */
  async shape(shape: Shape): Promise<void> {
    const begun = this.#beginning.then(() => this.#begin(shape));
    this.#beginning = begun.catch(() => {});
    await begun;
  }

  async #begin(shape: Shape): Promise<void> {
    const number = ++this.#begun;
    const history = new LiveHistory((operation) => this.#ended(operation));
    const round = await this.#startRound(shape, history, (found) => this.#ledger.add(number, found));
    const before = this.#current;
    this.#current = { ...round, startedAt: Date.now(), lastLooks: 0 };
    this.#rounds.add(this.#current);
    this.#shape = shape;
    if (before) void this.#end(before);
  }

  /** Ends the load, and resolves when its orders were compared, or cannot be. */
  async stop(): Promise<void> {
    // A round that is still beginning would shop on.
    await this.#beginning;
    const round = this.#current;
    this.#current = undefined;
    if (round) await this.#end(round);
    while (this.#rounds.size > 0) {
      await this.#look();
      await sleep(Math.min(1_000, this.#pauses.lookMs));
    }
  }

  struck(fault: Fault): void {
    this.#failovers.struck(fault);
  }

  /** Looks and renews the rounds until `signal`. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(this.#pauses.lookMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      await this.#look();
      const { startedAt = Date.now() } = this.#current ?? {};
      if (this.#shape && Date.now() - startedAt > this.#pauses.roundMs)
        // The shop may be in the middle of a fault: the round goes on, and the next one begins later.
        await this.shape(this.#shape).catch(() => {});
    }
  }

  get verdict(): Verdict {
    const open = [...this.#rounds].flatMap(({ history }) => [...history.open]);
    const compared = [...this.#rounds].reduce((sum, { judge }) => sum + judge.compared, this.#compared);
    return {
      tally: { ...this.#counts, compared, ...this.#ledger.counts },
      counterexamples: this.#ledger.counterexamples,
      failovers: this.#failovers.at(Date.now(), open),
      ...(this.#lookedAt && { compared: this.#lookedAt }),
      ...(this.#trouble && { trouble: this.#trouble }),
    };
  }

  async #end(round: Shopping): Promise<void> {
    await round.stop();
    round.endedAt = Date.now();
  }

  /** A round that has ended is forgotten after two looks: that many a violation needs. */
  async #look(): Promise<void> {
    for (const round of this.#rounds) {
      const { judge, endedAt } = round;
      try {
        await judge.look();
        this.#lookedAt = { at: Date.now(), nodes: judge.nodes };
        this.#trouble = undefined;
        if (endedAt) round.lastLooks += 1;
      } catch (error) {
        this.#trouble = `The orders cannot be compared now: ${(error as Error).message}`;
      }
      const givenUp = endedAt && Date.now() - endedAt > this.#pauses.patienceMs;
      if (round.lastLooks < 2 && !givenUp) continue;
      this.#rounds.delete(round);
      this.#compared += judge.compared;
    }
  }

  #ended(operation: Operation): void {
    const { outcome, retries, order } = operation;
    this.#failovers.ended(operation);
    this.#counts.operations += 1;
    this.#counts.retries += retries;
    if (outcome !== 'ok') this.#counts.failed += 1;
    if (order?.id) this.#counts.acknowledged += 1;
  }
}
