import { ShopClient } from '@shop/shop-client/shop-client.ts';
import type { Call, ClientKind } from './calls.ts';
import { sendOnce, sendPersistently } from './calls.ts';
import type { Operation } from './history.ts';

/** One customer with one login, and everything that the shop has acknowledged to this customer so far. */
export class Shopper {
  readonly name: string;
  readonly client: ShopClient;
  readonly kind: ClientKind;
  account = { id: '', email: '', password: '' };
  /** Acknowledged orders for which no cancellation was requested yet. */
  orders: string[] = [];
  cancelled: string[] = [];

  constructor(name: string, edge: string, kind: ClientKind) {
    this.name = name;
    this.client = new ShopClient(edge);
    this.kind = kind;
  }

  async register(): Promise<void> {
    this.account = await this.client.register();
  }

  /** Sends a call as this kind of client does, in this session or another one of the same customer. */
  send(operation: Operation, call: Call, client = this.client) {
    // A call that must not be repeated gets one attempt, from either kind of client.
    const send = this.kind === 'retrying' && operation.kind !== 'unkeyed' ? sendPersistently : sendOnce;
    return send(client, operation, call);
  }
}
