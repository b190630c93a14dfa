import { connect, type Socket } from 'node:net';
import { edges } from '@shop/shop-client/topology-under-test.ts';

/** A byte a second: often enough that no timeout between two packets ends it. */
const trickleMs = 1_000;

type Manners = {
  /** What is sent at once. */
  opening: string;
  /** What follows, a byte at a time; nothing is ever read. */
  trickle: string;
};

/** Sends its order a byte at a time, and would be at it for a quarter of an hour. */
const sendsItsBodySlowly: Manners = {
  opening:
    'POST /api/orders HTTP/1.1\r\nHost: shop\r\nIdempotency-Key: slow\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"items":[',
  trickle: ' ',
};

/** Slowloris: never comes to the end of its header. */
const sendsItsHeaderSlowly: Manners = {
  opening: 'GET /api/products HTTP/1.1\r\nHost: shop\r\nX-Slow: ',
  trickle: 'z',
};

/** Asks for more than fits into all buffers on the way, and reads none of it; all of them for less than an address may. */
const readsNothing: Manners = {
  opening: 'GET /api/products?limit=100 HTTP/1.1\r\nHost: shop\r\n\r\n'.repeat(60),
  trickle: '',
};

/** So many of each at each edge: more senders than the API has room for writes, if it were they whom it waited for. */
const crowd: [Manners, number][] = [
  [sendsItsBodySlowly, 150],
  [sendsItsHeaderSlowly, 150],
  [readsNothing, 15],
];

/** Clients that hold on to what they have at both edges. @returns lets them go. */
export function slowClients(): () => void {
  const sockets: Socket[] = [];
  const timers: NodeJS.Timeout[] = [];
  for (const edge of edges) {
    for (const [{ opening, trickle }, count] of crowd) {
      for (let index = 0; index < count; index += 1) {
        const socket = connect(Number(new URL(edge).port), '127.0.0.1');
        // The edge may well have had enough of them.
        socket.on('error', () => {});
        socket.pause();
        socket.write(opening);
        if (trickle) timers.push(setInterval(() => socket.writable && socket.write(trickle), trickleMs));
        sockets.push(socket);
      }
    }
  }
  return () => {
    for (const timer of timers) clearInterval(timer);
    for (const socket of sockets) socket.destroy();
  };
}
