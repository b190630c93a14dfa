import { setTimeout as sleep } from 'node:timers/promises';
import { cut } from '../faults/cut.ts';
import type { Fault } from '../faults/fault.ts';
import { killed } from '../faults/kill.ts';
import { paused } from '../faults/pause.ts';
import { powerCut } from '../faults/power-cut.ts';
import { stopped } from '../faults/stop.ts';
import { together } from '../faults/together.ts';
import { recovered, started } from '../topology/recovery.ts';
import { find, type Target } from '../topology/targets.ts';
import type { Container } from '../topology/topology.ts';
import type { History } from '../workload/history.ts';
import type { Shoppers } from '../workload/shoppers.ts';

const faults = { kill: killed, stop: stopped, pause: paused, cut } as const;

/**
 * One fault on one or several targets at the same time, and how long it lasts. `power cut` strikes everything, and
 * needs no targets.
 */
export type Strike = { fault: keyof typeof faults | 'power cut'; targets: Target[]; holdMs: number };

/** The pause between two strikes, in which the shop must work again. */
const pauseMs = 500;

const nameOf = ({ fault, targets }: Strike) => [fault, targets.join(' and ')].filter(Boolean).join(' ');

/** `container` is missing where everything is struck. */
type Struck = { fault: Fault; container?: Container };

function faultsOf({ fault }: Strike, containers: Container[]): Struck[] {
  if (fault === 'power cut') return [{ fault: powerCut() }];
  return containers.map((container) => ({ fault: faults[fault](container), container }));
}

/**
 * Strikes one after the other, each undone and recovered from before the next. Each strike comes with a few orders, a
 * picture and reads beside the steady rate, so that it never strikes an idle shop.
 */
export class Nemesis {
  readonly #strikes: Strike[];
  #struck: Struck[] = [];

  readonly #signal: AbortSignal | undefined;

  constructor(strikes: Strike[], signal?: AbortSignal) {
    this.#strikes = strikes;
    this.#signal = signal;
  }

  async strike(history: History, shoppers: Shoppers): Promise<void> {
    for (const strike of this.#strikes) {
      this.#signal?.throwIfAborted();
      const containers = await Promise.all(strike.targets.map(find));
      this.#struck = faultsOf(strike, containers);
      const mark = history.mark(nameOf(strike));
      console.log(`  ${seconds(history)} ${mark.what}: ${containers.map(({ name }) => name).join(', ')}`);
      // Not awaited here: an upload may take longer than the fault. `shoppers.stop()` waits for all.
      void shoppers.burst('order', 4);
      void shoppers.burst('read-back', 4);
      void shoppers.burst('upload', 1);
      await together(...this.#struck.map(({ fault }) => fault)).strike();
      mark.struckAt = Date.now();
      await sleep(strike.holdMs, undefined, { signal: this.#signal });
      await this.undo();
      mark.until = Date.now();
      history.write({ event: 'recovered', ...mark });
      await sleep(pauseMs);
    }
  }

  /**
   * Undoes the present strike, and waits until the struck containers work again; does nothing without one. One
   * container after the other: nine that start at once would take both processors of a small machine for ten seconds,
   * and the run would measure that.
   */
  async undo(): Promise<void> {
    const failures: unknown[] = [];
    for (const { fault, container } of this.#struck) {
      const back = fault.undo().then(() => container && started(container));
      await back.catch((error) => failures.push(error));
    }
    if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('\n'));
    await recovered(this.#struck.flatMap(({ container }) => container ?? []));
    this.#struck = [];
  }
}

const seconds = (history: History) => `${((Date.now() - history.startedAt) / 1000).toFixed(1)} s`;
