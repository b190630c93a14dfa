import { openLoop } from '@shop/load/open-loop.ts';
import type { ClientKind } from './calls.ts';
import { type Choice, Choices } from './choices.ts';
import type { History, OperationKind } from './history.ts';
import type { Item } from './items.ts';
import { performances } from './operations.ts';
import { Shopper } from './shopper.ts';
import { Complaint } from './turn.ts';

export type LoadOptions = {
  edge: string;
  history: History;
  items: Item[];
  seed: number;
  client?: ClientKind;
  shoppers?: number;
  /** New operations a second, whether the ones before are answered or not. */
  ratePerSecond?: number;
  /** Adds POSTs without a key, which no edge may repeat. */
  unkeyed?: boolean;
};

/** On top of the steady rate: at eight in a hundred, a slow machine's rate would leave some faults without an order. */
const leastOrdersPerSecond = 1;
const ordersLookedAt = 5;

/**
 * Shoppers who come at a steady rate (open loop: a slow shop does not slow them down). `stop()` waits for the answers
 * that are still out.
 */
export class Shoppers {
  readonly #options: Required<LoadOptions>;
  readonly #choices: Choices;
  readonly #open = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #shoppers: Shopper[] = [];
  #running: Promise<unknown> | undefined;

  constructor(options: LoadOptions) {
    this.#options = { client: 'one-attempt', shoppers: 12, ratePerSecond: 50, unkeyed: false, ...options };
    const { seed, shoppers, items, unkeyed } = this.#options;
    this.#choices = new Choices(seed, { shoppers, items: items.length, unkeyed });
  }

  async start(): Promise<void> {
    const { shoppers, edge, client } = this.#options;
    this.#shoppers = Array.from(
      { length: shoppers },
      (_, index) => new Shopper(`shopper-${index + 1}`, edge, client),
    );
    await Promise.all(this.#shoppers.map((shopper) => shopper.register()));
    const { signal } = this.#stopping;
    const atRate = (perSecond: number, kind?: OperationKind) =>
      openLoop({ perSecond, begin: () => this.#begin(this.#choices.next(kind)), signal });
    this.#running = Promise.all([atRate(this.#options.ratePerSecond), atRate(leastOrdersPerSecond, 'order')]);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await Promise.all(this.#open);
  }

  /** `count` operations at once, on top of the steady rate; resolves when all are answered. */
  async burst(kind: OperationKind, count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.#begin(this.#choices.next(kind))));
  }

  /**
   * Shoppers look at what they have ordered: the product, an order, the list, the cart. At a low rate too few would do so
   * by chance for a checker to have something to look at. Resolves when all are answered.
   */
  async lookAtOwn(): Promise<void> {
    const { history, items } = this.#options;
    const placed = history.operations.filter(({ order, outcome }) => order?.id && outcome === 'ok');
    const looks = placed.slice(-ordersLookedAt).flatMap(({ session, order }) => {
      const choice = {
        ...this.#choices.next(),
        shopper: this.#shoppers.findIndex(({ name }) => name === session),
        item: items.findIndex(({ id }) => id === order?.productId),
      };
      const kinds = ['product', 'read-back', 'orders', 'read-cart'] as const;
      return kinds.map((kind) => this.#begin({ ...choice, kind }));
    });
    await Promise.all(looks);
  }

  /** The shopper of a session: a checker repeats an operation in it. @throws when there is none of that name. */
  named(session: string): Shopper {
    const shopper = this.#shoppers.find(({ name }) => name === session);
    if (!shopper) throw new Error(`no shopper is called ${session}`);
    return shopper;
  }

  #begin(choice: Choice): Promise<void> {
    const operation = this.#operate(choice).finally(() => this.#open.delete(operation));
    this.#open.add(operation);
    return operation;
  }

  async #operate(choice: Choice): Promise<void> {
    const { history, items } = this.#options;
    const shopper = this.#shoppers[choice.shopper];
    const item = items[choice.item];
    if (!shopper || !item) throw new Error(`no such shopper or item: ${JSON.stringify(choice)}`);
    const operation = history.invoke({ kind: choice.kind, session: shopper.name });
    try {
      await performances[choice.kind]({ shopper, operation, item, choice });
      operation.outcome = 'ok';
    } catch (error) {
      operation.detail = error instanceof Error ? error.message : String(error);
      // A refusal says that nothing happened; a 5xx does not.
      operation.outcome = error instanceof Complaint && operation.status < 500 ? 'failed' : 'unknown';
    }
    history.complete(operation);
  }
}
