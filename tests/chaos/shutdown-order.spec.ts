import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { startAgain } from '@shop/chaos/faults/kill.ts';
import { stop } from '@shop/chaos/faults/stop.ts';
import { untilReplicasServe } from '@shop/chaos/topology/ready.ts';
import { type Container, running } from '@shop/chaos/topology/topology.ts';
import { withVariant } from '@shop/chaos/topology/variants.ts';
import { container } from '@shop/docker/engine-api.ts';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges, project } from '@shop/shop-client/topology-under-test.ts';
import pWaitFor from 'p-wait-for';
import { Agent } from 'undici';

const registration = () => ({
  email: `late-${randomUUID()}@example.com`,
  password: randomUUID(),
  name: 'Late Lou',
});

/** A request whose body is still on its way: it is in progress until `finish`, which resolves to the answer. */
async function beginRegistration(host: string) {
  const body = JSON.stringify(registration());
  const socket = connect(3000, host);
  socket.write(
    `POST /api/auth/register HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
  );
  const answer = text(socket).catch((error) => String(error));
  await sleep(200);
  return async () => {
    socket.write(body.slice(5));
    return await answer;
  };
}

/** What one replica does from SIGTERM to its end, seen from its own network, past the edges. */
async function watchShutdown(victim: Container) {
  const { Networks } = (await container(victim.id).inspect()).NetworkSettings;
  const address = Networks[`${project}_app`]!.IPAddress;
  // A connection each, so that a refusal to accept is seen.
  const fresh = () => new ShopClient(`http://${address}:3000`, new Agent({ pipelining: 0 }));
  const ready = () => fresh().get('/readyz');
  const listens = () => ready().then(Boolean, () => false);
  expect((await ready()).body.status).toBe('ok');

  const finish = await beginRegistration(address);
  const stopping = stop(victim);
  const stopped = { at: 0 };
  const ended = stopping.then(() => {
    stopped.at = Date.now();
  });
  await pWaitFor(async () => (await ready()).status === 503, { interval: 20, timeout: 2_000 });
  const draining = await ready();
  const mayBeRepeated = await fresh().get('/api/whoami');
  const mayNot = await fresh().post('/api/auth/register', { body: registration() });
  await pWaitFor(async () => !(await listens()), { interval: 50, timeout: 6_000 });
  const deafAt = Date.now();
  const inProgress = await finish();
  await ended;
  const { ExitCode: exitCode } = (await container(victim.id).inspect()).State;
  return {
    readiness: draining.body.status,
    mayBeRepeated: mayBeRepeated.status,
    mayNot: mayNot.status,
    inProgress: inProgress.split('\r\n')[0],
    endedAfterItListened: stopped.at >= deafAt,
    exitCode,
  };
}

/** And puts it back. */
async function shutDownOne() {
  const [victim] = await running('api');
  try {
    return await watchShutdown(victim!);
  } finally {
    await startAgain(victim!);
    await untilReplicasServe(edges[0], 3);
  }
}

test('a replica that is stopped reports it, goes on serving, stops listening, finishes its requests, closes its stores, exits', async () => {
  expect(await shutDownOne()).toEqual({
    readiness: 'draining',
    // The edge takes this one to the next replica.
    mayBeRepeated: 503,
    // No edge may repeat it, so the replica serves it.
    mayNot: 201,
    // It writes to Postgres and Redis, so they were still open when nothing new was let in.
    inProgress: 'HTTP/1.1 201 Created',
    endedAfterItListened: true,
    exitCode: 0,
  });
});

test('control: the observer objects to a replica that does not drain', { tag: '@nightly' }, async () => {
  await withVariant('api-does-not-drain', async () => {
    // It is gone before it has said anything.
    await expect(shutDownOne()).rejects.toThrow(/ECONN|EHOST|connect|closed/i);
  });
});
