import { execIn } from '@shop/docker/in-container.ts';
import { processorTimesOf } from '@shop/docker/usage.ts';
import type { Send } from '@shop/load/samples.ts';
import pWaitFor from 'p-wait-for';
import { type CallRun, usedBetween } from './call-cost.ts';
import { measuredCall } from './measured-call.ts';
import { makeMedusaCalls } from './medusa-calls.ts';
import { type MakeCalls, type PeerCall, type PeerName, peersProject } from './peer.ts';
import { makeVendureCalls } from './vendure-calls.ts';

/**
 * `node bench/load/peer-calls.ts <peer> <call> <clients> <seconds>` measures a call of another shop as `profile-calls.ts`
 * does those of ours. Prints one line of JSON. Fails when a call is refused.
 */
const [peer = 'vendure', name = 'order', clients = '10', seconds = '6'] = process.argv.slice(2);
const makeCalls: Record<PeerName, MakeCalls> = {
  vendure: makeVendureCalls,
  medusa: makeMedusaCalls,
};

const calls = await makeCalls[peer as PeerName](Number(clients));
const send = printingRefusals(await calls[name as PeerCall]());
const load = { clients: Number(clients), seconds: Number(seconds) };
const { sent, before, after } = await measuredCall(name, send, load, untilNoJobWaits, read);
const run: CallRun = {
  ...sent,
  elapsedMs: after.atMs - before.atMs,
  processorMs: usedBetween(before.processorMs, after.processorMs),
};
console.log(JSON.stringify(run));
process.exit(0);

async function read() {
  const processorMs = await processorTimesOf({ project: peersProject });
  return { atMs: performance.now(), processorMs };
}

/** Both peers queue their jobs in BullMQ. A server may queue a job shortly after its answer, so two looks must agree. */
async function untilNoJobWaits(): Promise<void> {
  const countJobs = `local jobs = 0
    for _, state in ipairs({'wait', 'active'}) do
      for _, key in ipairs(redis.call('KEYS', '*:' .. state)) do jobs = jobs + redis.call('LLEN', key) end
    end
    for _, key in ipairs(redis.call('KEYS', '*:prioritized')) do jobs = jobs + redis.call('ZCARD', key) end
    return jobs`;
  let quietLooks = 0;
  const isQuiet = async () => {
    const waiting = await execIn(`${peersProject}-${peer}-redis-1`, 'redis-cli', 'EVAL', countJobs, '0');
    quietLooks = waiting === '0' ? quietLooks + 1 : 0;
    return quietLooks === 2;
  };
  await pWaitFor(isQuiet, { interval: 500, timeout: 120_000 });
}

/** Prints the first refusals: the load counts a call that throws as one without an answer. */
function printingRefusals(call: Send): Send {
  let left = 3;
  return (index) =>
    call(index).catch((error) => {
      left -= 1;
      if (left >= 0) console.error(error);
      throw error;
    });
}
