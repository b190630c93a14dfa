import { once } from 'node:events';
import { Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Send } from '@shop/load/samples.ts';

/** How a client connects: once or for each request, with TLS or without, with the previous session or a new one. */
export type Way = { keepAlive: boolean; tls?: 'TLSv1.2' | 'TLSv1.3'; resumes?: boolean };

const maxSockets = 8;

/** What the connections of a client were. */
class Connections {
  opened = 0;
  /** Connections whose handshake resumed an earlier session, as the client's TLS library reports it. */
  resumed = 0;
  /** Bytes received on TCP, below TLS: they include the handshakes. */
  bytesIn = 0;
  readonly #open = new Set<Socket>();

  count(socket: Socket): void {
    this.opened += 1;
    this.#open.add(socket);
    socket.once('close', () => {
      this.bytesIn += socket.bytesRead;
      this.#open.delete(socket);
    });
  }

  /** Waits until each connection is closed: only then is its number of bytes known. */
  async closed(): Promise<void> {
    await Promise.all([...this.#open].map((socket) => once(socket, 'close')));
  }
}

class CountingPlainAgent extends PlainAgent {
  readonly connections = new Connections();

  override createConnection(...[options, callback]: Parameters<PlainAgent['createConnection']>) {
    const socket = super.createConnection(options, callback) as Socket;
    this.connections.count(socket);
    return socket;
  }
}

class CountingTlsAgent extends TlsAgent {
  readonly connections = new Connections();

  override createConnection(...[options, callback]: Parameters<TlsAgent['createConnection']>) {
    const tcp = connect({ host: String(options.host), port: Number(options.port) });
    this.connections.count(tcp);
    // `socket` is an option of tls.connect(); the agent passes all options to it.
    const onTop = { ...options, socket: tcp } as typeof options;
    const socket = super.createConnection(onTop, callback) as TLSSocket;
    socket.once('secureConnect', () => {
      if (socket.isSessionReused()) this.connections.resumed += 1;
    });
    return socket;
  }
}

/**
 * A client that connects in one way.
 *
 * @returns `send`, which asks for the URL once, and `end`, which closes all connections and tells what they were.
 */
export function clientOf(url: string, { keepAlive, tls, resumes = false }: Way) {
  const agent = tls
    ? new CountingTlsAgent({
        keepAlive,
        maxSockets,
        minVersion: tls,
        maxVersion: tls,
        // The edge's certificate is self-signed, and this lab does not measure the check of it.
        rejectUnauthorized: false,
        // The agent keeps the newest session of a host; with TLS 1.3 the edge sends it after the handshake.
        maxCachedSessions: resumes ? 1 : 0,
      })
    : new CountingPlainAgent({ keepAlive, maxSockets });
  const send: Send = () =>
    new Promise((resolve, reject) => {
      const sent = (tls ? tlsRequest : plainRequest)(url, { agent }, (answer) => {
        answer.resume().on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }));
      });
      sent.on('error', reject).end();
    });
  const end = async (): Promise<Connections> => {
    agent.destroy();
    await agent.connections.closed();
    return agent.connections;
  };
  return { send, end };
}
