import { mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export type OperationKind =
  | 'browse'
  | 'search'
  | 'product'
  | 'who'
  | 'cart'
  | 'add'
  | 'read-cart'
  | 'order'
  | 'read-back'
  | 'orders'
  | 'cancel'
  | 'upload'
  | 'login'
  | 'unkeyed';

/** An order as a session saw it. `placedAt`: an instant in ISO 8601, by which lists of orders are sorted. */
export type SeenOrder = { id: string; status: string; placedAt?: string };

/**
 * An operation of a shopper and its result. `ok`: answered as the contract says; `failed`: another answer, so nothing
 * happened or the answer is wrong; `unknown`: no answer, or one that leaves open whether it happened.
 */
export type Operation = {
  id: number;
  kind: OperationKind;
  /** The session that did it: one login of one shopper. */
  session: string;
  startedAt: number;
  endedAt: number;
  outcome: 'ok' | 'failed' | 'unknown';
  /** From the last attempt, as are `replica` and `edge`; 0 is no answer. */
  status: number;
  replica: string;
  edge: string;
  attempts: number;
  /** Attempts after the first. */
  retries: number;
  /** The reason of a failure, for a person. */
  detail?: string;
  /** The order that was asked for. `refused`: the stock was too small, as the contract allows. */
  order?: {
    id: string;
    placedAt?: string;
    productId: string;
    quantity: number;
    key: string;
    refused?: boolean;
  };
  /** The order to be read. */
  lookedFor?: string;
  /** The order to be cancelled. */
  cancelledId?: string;
  /** The quantity of a product that this operation sets in the session's cart. */
  cart?: { productId: string; quantity: number };
  /** The quantity of a product that this operation adds to the session's cart. */
  added?: { productId: string; quantity: number };
  upload?: { id: string; sha256: string; original: string; pictures: string[] };
  /** What a read saw, to be compared with earlier writes. */
  saw?: {
    orders?: SeenOrder[];
    /** A page of all orders of the session, newest first; `isLast` when there is no older one. */
    page?: { orders: SeenOrder[]; isLast: boolean };
    cart?: Record<string, number>;
    stock?: { productId: string; stock: number };
  };
  /** The final outcome of an unknown operation, which a request with the same key has found out after the run. */
  resolved?: 'ok' | 'refused';
};

/** A fault of the topology, in milliseconds since the epoch; `until` when it was undone and recovered from. */
export type FaultMark = { what: string; at: number; struckAt?: number; until?: number };

/** The operations of a run, in the order in which they ended; with a `file`, also as lines of JSON. */
export class History {
  readonly operations: Operation[] = [];
  readonly faults: FaultMark[] = [];
  readonly startedAt = Date.now();
  /** New operations a second, without bursts; 0 without a steady rate. */
  readonly ratePerSecond: number;
  /** The path of the file, if there is one. */
  readonly path: string | undefined;
  readonly #file: number | undefined;
  #count = 0;

  constructor(file?: string, ratePerSecond = 0) {
    this.ratePerSecond = ratePerSecond;
    this.path = file;
    if (!file) return;
    mkdirSync(dirname(file), { recursive: true });
    this.#file = openSync(file, 'w');
  }

  /**
   * Records a fault at the moment when it strikes. Through the returned mark, the caller can later set when it struck
   * and when it was undone and recovered from.
   */
  mark(what: string): FaultMark {
    const mark = { what, at: Date.now() };
    this.faults.push(mark);
    this.write({ event: 'fault', ...mark });
    return mark;
  }

  /** Records the begin of an operation; its outcome is not known yet. */
  invoke(wanted: Pick<Operation, 'kind' | 'session'> & Partial<Operation>): Operation {
    this.#count += 1;
    const operation: Operation = {
      id: this.#count,
      startedAt: Date.now(),
      endedAt: 0,
      outcome: 'unknown',
      status: 0,
      replica: '',
      edge: '',
      attempts: 0,
      retries: 0,
      ...wanted,
    };
    const { id, kind, session, startedAt } = operation;
    this.write({ event: 'invoked', id, kind, session, startedAt });
    return operation;
  }

  /** Records the outcome, or that the client has given up. */
  complete(operation: Operation): void {
    operation.endedAt = Date.now();
    this.operations.push(operation);
    this.write({ event: operation.outcome, ...operation });
  }

  write(line: object): void {
    if (this.#file !== undefined) writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }

  /** Operations that were in progress at some moment of the window around a fault; the first fault by default. */
  aroundFault(beforeMs: number, afterMs: number, fault = this.faults[0]): Operation[] {
    if (!fault) throw new Error('no fault was marked: the run proves nothing');
    return this.operations.filter(
      ({ startedAt, endedAt }) => endedAt >= fault.at - beforeMs && startedAt <= fault.at + afterMs,
    );
  }

  withOutcome(outcome: Operation['outcome']): Operation[] {
    return this.operations.filter((operation) => operation.outcome === outcome);
  }
}
