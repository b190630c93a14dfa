import type { Socket } from 'node:net';
import { Redis } from 'ioredis';

/**
 * A client whose commands leave together: those that are sent in one turn of the event loop share one write, and Redis
 * answers them with one. ioredis writes each command by itself, and the system call is the most expensive part of a
 * short command. No command waits for an answer to another: the turn ends when all sockets that were ready are read.
 */
export class BatchedRedis extends Redis {
  override sendCommand(...command: Parameters<Redis['sendCommand']>): unknown {
    // There is none before the first connection.
    const stream: Socket | undefined = this.stream;
    if (stream?.writableCorked === 0) {
      stream.cork();
      setImmediate(() => stream.uncork());
    }
    return super.sendCommand(...command);
  }
}
