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
 * What a shopper did and what came of it. `ok`: answered as the contract says; `failed`: answered otherwise, so
 * nothing happened or the answer is wrong; `unknown`: no answer, or one that leaves open whether it happened.
 */
export type Operation = {
  id: number;
  kind: OperationKind;
  /** Who did it: one login of one shopper. */
  session: string;
  startedAt: number;
  endedAt: number;
  outcome: 'ok' | 'failed' | 'unknown';
  /** Of the last attempt, as are `replica` and `edge`; 0 is no answer. */
  status: number;
  replica: string;
  edge: string;
  attempts: number;
  /** Attempts that had to be made again. */
  retries: number;
  /** Why it failed, for a person. */
  detail?: string;
  /** An order asked for. `refused`: the stock did not suffice, as the contract allows. */
  order?: {
    id: string;
    placedAt?: string;
    productId: string;
    quantity: number;
    key: string;
    refused?: boolean;
  };
  /** The order that is to be read. */
  lookedFor?: string;
  /** The order that is to be cancelled. */
  cancelledId?: string;
  /** The quantity that the session's cart is to have of a product from now on. */
  cart?: { productId: string; quantity: number };
  /** How many of a product the session adds to what its cart has. */
  added?: { productId: string; quantity: number };
  upload?: { id: string; sha256: string; original: string; pictures: string[] };
  /** What a read saw, so that it can be held against what was written before it. */
  saw?: {
    orders?: SeenOrder[];
    /** A page of all orders of the session, newest first; `isLast` when there is no older one. */
    page?: { orders: SeenOrder[]; isLast: boolean };
    cart?: Record<string, number>;
    stock?: { productId: string; stock: number };
  };
  /** What asking again with the same key found out about an unknown outcome, after the run. */
  resolved?: 'ok' | 'refused';
};

/** Something that was done to the topology, in milliseconds since the epoch; `until` when it was undone and recovered from. */
export type FaultMark = { what: string; at: number; struckAt?: number; until?: number };

/** What a run did, in the order in which it came to an end; with a `file`, also as lines of JSON. */
export class History {
  readonly operations: Operation[] = [];
  readonly faults: FaultMark[] = [];
  readonly startedAt = Date.now();
  /** New operations a second, apart from bursts; 0 where nothing comes at a steady rate. */
  readonly ratePerSecond: number;
  /** Where it lies, if anywhere. */
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

  /** Notes a fault at the moment it strikes. The mark may be told later when it had struck and when it was undone and recovered from. */
  mark(what: string): FaultMark {
    const mark = { what, at: Date.now() };
    this.faults.push(mark);
    this.write({ event: 'fault', ...mark });
    return mark;
  }

  /** An operation begins; its outcome is not known yet. */
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

  /** What came of it is known, or given up. */
  complete(operation: Operation): void {
    operation.endedAt = Date.now();
    this.operations.push(operation);
    this.write({ event: operation.outcome, ...operation });
  }

  write(line: object): void {
    if (this.#file !== undefined) writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }

  /** Operations that were in progress at some moment of the window around a fault, the first unless told otherwise. */
  aroundFault(beforeMs: number, afterMs: number, fault = this.faults[0]): Operation[] {
    if (!fault) throw new Error('no fault was marked: the run proves nothing');
    return this.operations.filter(
      ({ startedAt, endedAt }) => endedAt >= fault.at - beforeMs && startedAt <= fault.at + afterMs,
    );
  }

  withOutcome(outcome: Operation['outcome']): Operation[] {
    return this.operations.filter((operation) => operation.outcome === outcome);
  }

  /** The operations that were not `ok`, told as a person wants to read them. */
  describeFailures(): string {
    return this.describe(this.operations.filter(({ outcome }) => outcome !== 'ok'));
  }

  /** Operations, one a line, with times since the start of the run. */
  describe(operations: Operation[], limit = 10): string {
    const lines = operations
      .toSorted((a, b) => a.startedAt - b.startedAt)
      .map((operation) => {
        const { kind, session, startedAt, endedAt, outcome, status, replica, attempts, detail } = operation;
        const at = ((startedAt - this.startedAt) / 1000).toFixed(2);
        const effect =
          operation.order ??
          operation.cart ??
          operation.added ??
          operation.cancelledId ??
          operation.upload ??
          operation.saw;
        return [
          `${at} s ${session} ${kind} ${outcome} ${status} after ${endedAt - startedAt} ms,`,
          `${attempts} attempts, by ${replica || '?'}`,
          effect ? JSON.stringify(effect).slice(0, 300) : '',
          detail ?? '',
        ]
          .filter(Boolean)
          .join(' ');
      });
    const more = lines.length > limit ? [`… and ${lines.length - limit} more`] : [];
    return [...lines.slice(0, limit), ...more].join('\n');
  }
}
