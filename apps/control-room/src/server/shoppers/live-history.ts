import { History, type Operation } from '@shop/chaos/workload/history.ts';

/** A history that can be judged while operations are in progress. */
export class LiveHistory extends History {
  readonly #open = new Set<Operation>();
  readonly #onEnd: (operation: Operation) => void;

  /** @param onEnd is called with each operation that has ended. */
  constructor(onEnd: (operation: Operation) => void = () => {}) {
    super();
    this.#onEnd = onEnd;
  }

  /** Those that have begun and not ended. */
  get open(): ReadonlySet<Operation> {
    return this.#open;
  }

  override invoke(wanted: Parameters<History['invoke']>[0]): Operation {
    const operation = super.invoke(wanted);
    this.#open.add(operation);
    return operation;
  }

  override complete(operation: Operation): void {
    this.#open.delete(operation);
    super.complete(operation);
    this.#onEnd(operation);
  }

  /** The history until now. What is in progress may have happened or not, like an operation without an answer. */
  untilNow(): History {
    const now = Date.now();
    const history = new History();
    history.operations.push(...this.operations);
    for (const operation of this.#open)
      history.operations.push({ ...operation, endedAt: now, outcome: 'unknown' });
    return history;
  }

  /**
   * The history until now, for tables that were read after `acknowledged` had ended and before now. Other orders may be
   * in the tables or not, whatever was answered since.
   */
  forTablesReadAfter(acknowledged: ReadonlySet<Operation>): History {
    const history = this.untilNow();
    for (const [index, operation] of history.operations.entries()) {
      const { order } = operation;
      if (order && !acknowledged.has(operation))
        history.operations[index] = { ...operation, order: { ...order, id: '', refused: false } };
    }
    return history;
  }
}
