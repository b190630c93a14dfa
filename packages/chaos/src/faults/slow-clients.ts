import { connect, type Socket } from 'node:net';
import { edges } from '@shop/shop-client/topology-under-test.ts';

/** A byte a second: often enough that no timeout between two packets ends the connection. */
const trickleMs = 1_000;

/** How a slow client behaves. */
type Behaviour = {
  /** Sent at once. */
  opening: string;
  /** Sent afterwards, a byte at a time; the client never reads. */
  trickle: string;
};

/** Sends its order a byte at a time, which would take a quarter of an hour. */
const sendsItsBodySlowly: Behaviour = {
  opening:
    'POST /api/orders HTTP/1.1\r\nHost: shop\r\nIdempotency-Key: slow\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"items":[',
  trickle: ' ',
};

/** Slowloris: a header that never ends. */
const sendsItsHeaderSlowly: Behaviour = {
  opening: 'GET /api/products HTTP/1.1\r\nHost: shop\r\nX-Slow: ',
  trickle: 'z',
};

/**
 * Asks for more than fits into all buffers on the way, and never reads. All of them together stay below the limit of an
 * address.
 */
const readsNothing: Behaviour = {
  opening: 'GET /api/products?limit=100 HTTP/1.1\r\nHost: shop\r\n\r\n'.repeat(60),
  trickle: '',
};

/**
 * The number of clients of each kind at each edge. There are more senders than the API admits writes, so they would
 * block it if it had to wait for them.
 */
const crowd: [Behaviour, number][] = [
  [sendsItsBodySlowly, 150],
  [sendsItsHeaderSlowly, 150],
  [readsNothing, 15],
];

/** Clients that keep their connections to both edges busy. @returns a function that closes them. */
export function slowClients(): () => void {
  const sockets: Socket[] = [];
  const timers: NodeJS.Timeout[] = [];
  for (const edge of edges) {
    for (const [{ opening, trickle }, count] of crowd) {
      for (let index = 0; index < count; index += 1) {
        const socket = connect(Number(new URL(edge).port), '127.0.0.1');
        // The edge may have closed it already.
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
