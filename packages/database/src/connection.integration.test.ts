import { readFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createPool, type Pool } from './connection.ts';

const { DATABASE_PRIMARY_URL = '', DATABASE_PASSWORD_FILE = '' } = process.env;
const password = readFileSync(DATABASE_PASSWORD_FILE, 'utf8').trim();

let way: Server;
let pool: Pool;
const sockets = new Set<Socket>();
/** Logins that have reached the way: all, and those in progress. */
const logins = { begun: 0, inProgress: 0, mostInProgress: 0 };
afterEach(async () => {
  await pool.end();
  for (const socket of sockets) socket.destroy();
  await new Promise((closed) => way.close(closed));
});

/** A pool whose way to the real PgBouncer takes `loginMs` for each new connection, as on a busy machine. */
async function slowPool(loginMs: number, waitTimeoutMs: number): Promise<Pool> {
  Object.assign(logins, { begun: 0, inProgress: 0, mostInProgress: 0 });
  const target = new URL(DATABASE_PRIMARY_URL);
  way = createServer((socket) => {
    logins.begun += 1;
    logins.inProgress += 1;
    logins.mostInProgress = Math.max(logins.mostInProgress, logins.inProgress);
    const ended = setTimeout(() => {
      logins.inProgress -= 1;
      const upstream = connect(Number(target.port), target.hostname);
      socket.pipe(upstream).pipe(socket);
      for (const end of [socket, upstream]) {
        sockets.add(end);
        end.on('error', () => {});
      }
    }, loginMs);
    socket.once('close', () => clearTimeout(ended));
    socket.on('error', () => {});
  });
  await new Promise<void>((listening) => way.listen(0, '127.0.0.1', listening));
  const url = new URL(DATABASE_PRIMARY_URL);
  url.hostname = '127.0.0.1';
  url.port = String((way.address() as { port: number }).port);
  pool = createPool({ url: url.href, password, maxConnections: 20, queryTimeoutMs: 10_000, waitTimeoutMs });
  return pool;
}

describe('logins that take longer than a caller waits', () => {
  it('go on, and serve the next caller', async () => {
    const slow = await slowPool(800, 100);
    await expect(slow.acquire()).rejects.toThrow('timeout exceeded');
    await expect.poll(() => slow.idleCount, { timeout: 10_000 }).toBe(1);
    const { rows } = await slow.with((client) => client.query('SELECT 1 AS one'));
    expect(rows).toEqual([{ one: 1 }]);
    expect(logins.begun).toBe(1);
  });

  it('are few at once', async () => {
    const slow = await slowPool(200, 15_000);
    const clients = await Promise.all(Array.from({ length: 20 }, () => slow.acquire()));
    for (const client of clients) client.release();
    expect(logins).toMatchObject({ begun: 20, mostInProgress: 8 });
  });
});

it('a connection whose work fails is not used again', async () => {
  const one = await slowPool(0, 5_000);
  await expect(one.with((client) => client.query('SELECT 1 / 0'))).rejects.toThrow('division by zero');
  expect(one.totalCount).toBe(0);
});

describe('statements', () => {
  it('that are sent in one turn share one write, and later ones do not wait for them', async () => {
    const fast = await slowPool(0, 10_000);
    await fast.with(async (client) => {
      const { stream } = (client as unknown as { connection: { stream: Required<Writable> } }).connection;
      const writes = [vi.spyOn(stream, '_writev'), vi.spyOn(stream, '_write')];
      const count = () => writes.reduce((sum, { mock }) => sum + mock.calls.length, 0);
      const numbers = [1, 2, 3];
      const answers = await Promise.all(numbers.map((n) => client.query('SELECT $1::int AS n', [n])));
      expect(answers.map(({ rows }) => rows[0].n)).toEqual(numbers);
      expect(count()).toBe(1);
      await client.query('SELECT 1');
      expect(count()).toBe(2);
    });
  });
});
