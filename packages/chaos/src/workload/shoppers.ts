import { openLoop } from '@shop/load/open-loop.ts';
import type { ClientKind } from './calls.ts';
import { type Choice, Choices, type MixName } from './choices.ts';
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
  /** New operations a second, whether the earlier ones are answered or not. */
  ratePerSecond?: number;
  /** Adds POSTs without a key, which no edge may repeat. */
  unkeyed?: boolean;
  mix?: MixName;
};

/**
 * In addition to the steady rate: orders are eight of a hundred operations, so at a low rate some faults would see no
 * order.
 */
const leastOrdersPerSecond = 1;
const ordersLookedAt = 5;

/**
 * Shoppers that arrive at a steady rate (open loop: a slow shop does not slow them down). `stop()` waits for the
 * outstanding answers.
 */
export class Shoppers {
  readonly #options: Required<LoadOptions>;
  readonly #choices: Choices;
  readonly #open = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #shoppers: Shopper[] = [];
  #running: Promise<unknown> | undefined;

  constructor(options: LoadOptions) {
    this.#options = {
      client: 'one-attempt',
      shoppers: 12,
      ratePerSecond: 50,
      unkeyed: false,
      mix: 'usual',
      ...options,
    };
    const { seed, shoppers, items, unkeyed, mix } = this.#options;
    this.#choices = new Choices(seed, { shoppers, items: items.length, unkeyed, mix });
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

  /** Starts `count` operations at once, in addition to the steady rate; resolves when all are answered. */
  async burst(kind: OperationKind, count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.#begin(this.#choices.next(kind))));
  }

  /**
   * A burst of which each operation has a product of its own. Popular products are drawn more than once, and an order
   * waits for the commit of an earlier one of the same product.
   * @throws when there are fewer than `count` products.
   */
  async burstOfDistinctItems(kind: OperationKind, count: number): Promise<void> {
    const available = this.#options.items.length;
    if (count > available) throw new Error(`${count} distinct products are wanted, there are ${available}`);
    const begin = (_: unknown, item: number) => this.#begin({ ...this.#choices.next(kind), item });
    await Promise.all(Array.from({ length: count }, begin));
  }

  /**
   * Shoppers change their carts and then read what they have done: the product, an order, the list, the cart. At a low
   * rate, random operations would give the checkers too little to check. Resolves when all are answered.
   */
  async lookAtOwn(): Promise<void> {
    const { history, items } = this.#options;
    const placed = history.operations.filter(({ order, outcome }) => order?.id && outcome === 'ok');
    const choices = placed.slice(-ordersLookedAt).map(({ session, order }) => ({
      ...this.#choices.next(),
      shopper: this.#shoppers.findIndex(({ name }) => name === session),
      item: items.findIndex(({ id }) => id === order?.productId),
    }));
    const all = (...kinds: OperationKind[]) =>
      Promise.all(choices.flatMap((choice) => kinds.map((kind) => this.#begin({ ...choice, kind }))));
    await all('cart');
    await all('product', 'read-back', 'orders', 'read-cart');
  }

  /** The shopper of a session, in which a checker repeats an operation. @throws when there is no such session. */
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
      // A refusal means that nothing happened; a 5xx does not.
      operation.outcome = error instanceof Complaint && operation.status < 500 ? 'failed' : 'unknown';
    }
    history.complete(operation);
  }
}
