import { EventEmitter } from 'node:events';
import type { Order, Report } from '../shoppers/messages.ts';

/** The process of the shoppers as a test plays it: `orders` has what the room told it, `says` answers. */
export class ToldProcess extends EventEmitter {
  readonly orders: Order[] = [];
  connected = true;

  send(order: Order): boolean {
    this.orders.push(order);
    return true;
  }

  says(report: Report): void {
    this.emit('message', report);
  }

  kill(): boolean {
    if (this.connected) this.ends();
    return true;
  }

  ends(): void {
    this.connected = false;
    this.emit('exit', 0);
  }
}
