import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import type { Engine } from './engine.ts';

/** Postgres' SSLRequest: the shortest question that the postmaster itself, and not only the kernel, must answer. */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

async function askPatroni(host: string, signal: AbortSignal): Promise<void> {
  await (await request(`http://${host}:8008/liveness`, { signal })).body.dump();
}

async function askPostgres(host: string, signal: AbortSignal): Promise<void> {
  const socket = connect(5432, host);
  try {
    socket.write(sslRequest);
    await once(socket, 'data', { signal });
  } finally {
    socket.destroy();
  }
}

/**
 * `Promise.race` is needed because undici checks the signal only once it is connected, and a frozen node may not accept
 * the connection.
 */
function isAnswered(ask: typeof askPatroni, host: string, timeoutMs: number): Promise<boolean> {
  const answer = ask(host, AbortSignal.timeout(timeoutMs)).then(
    () => true,
    () => false,
  );
  return Promise.race([answer, sleep(timeoutMs, false)]);
}

/** Whether the database node, Patroni or Postgres, answers us. Any answer counts, also a refusal. */
export async function answersUs(host: string, timeoutMs: number): Promise<boolean> {
  return (await isAnswered(askPatroni, host, timeoutMs)) || isAnswered(askPostgres, host, timeoutMs);
}

/**
 * The same question, asked from another database node, because the fencer itself may be cut off. pg_isready's 2 means
 * no response; 0 and 1 are answers. @throws when that node cannot be asked: a dead witness does not count as one that
 * heard an answer.
 */
export async function isSilentTo(engine: Engine, witness: string, host: string): Promise<boolean> {
  const { id, running } = await engine.findDatabase(witness);
  if (!running) throw new Error(`${witness} does not run`);
  const patroni = `curl -so /dev/null --max-time 1 http://${host}:8008/liveness`;
  const postgres = `pg_isready -qh ${host} -t 1; [ $? = 2 ]`;
  return (await engine.execute(id, ['sh', '-c', `! ${patroni} && { ${postgres}; }`])) === 0;
}
