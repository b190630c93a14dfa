import { ShopClient } from '@shop/shop-client/shop-client.ts';
import type { Call, ClientKind } from './calls.ts';
import { sendOnce, sendPersistently } from './calls.ts';
import type { Operation } from './history.ts';

/** One customer with one login, and what the shop has acknowledged to them so far. */
export class Shopper {
  readonly name: string;
  readonly client: ShopClient;
  readonly kind: ClientKind;
  account = { id: '', email: '', password: '' };
  /** Orders that were acknowledged and not yet asked to be cancelled. */
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

  /** Sends a call as this kind of client does, in this session or in another one of the same person. */
  send(operation: Operation, call: Call, client = this.client) {
    // What is neither keyed nor repeatable by nature gets one attempt, from either kind of client.
    const send = this.kind === 'retrying' && operation.kind !== 'unkeyed' ? sendPersistently : sendOnce;
    return send(client, operation, call);
  }
}
