import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Bench } from '@shop/lab/bench.ts';
import { defineLab, type Figures, type Run } from '@shop/lab/lab.ts';
import pWaitFor from 'p-wait-for';
import { median } from 'simple-statistics';
import { startReplicas } from './replicas.ts';

const limit = 10;
const mails = 30;
/** Longer than another replica needs to notice the death and to send the mail. */
const silenceMs = 12_000;

async function measure(bench: Bench, count: number, state: 'own' | 'shared'): Promise<Figures> {
  const [first] = await startReplicas(bench, count, state);
  const missing = await percentMissing(bench);
  bench.report(`40 calls by a customer who may make ${limit}`);
  const passed = await callsThatPass(bench);
  bench.report('a report for each second');
  const reports = await reportsOfOneSecond(bench);
  bench.report(`${mails} mails are accepted, and a replica is killed`);
  const lost = await mailsLost(bench, first);
  return { missing, passed, reports, lost };
}

/** Percent of the reads that do not find a file that was uploaded a moment ago. */
async function percentMissing(bench: Bench): Promise<number> {
  const client = bench.client();
  const statuses: number[] = [];
  for (let file = 0; file < 12; file += 1) {
    const path = `/files/picture-${file}`;
    const headers = { 'content-type': 'application/octet-stream' };
    const { status } = await client.call('PUT', path, { body: randomBytes(2000), headers });
    if (status !== 204) throw new Error(`an upload was answered ${status}`);
    for (let reader = 0; reader < 3; reader += 1) statuses.push((await client.get(path)).status);
  }
  return (100 * statuses.filter((status) => status === 404).length) / statuses.length;
}

async function callsThatPass(bench: Bench): Promise<number> {
  const calls = Array.from({ length: 40 }, () => bench.client().post('/calls/customer-1'));
  return (await Promise.all(calls)).filter(({ status }) => status === 204).length;
}

/** The median number of reports for a second: the first and the last second of a run are incomplete. */
async function reportsOfOneSecond(bench: Bench): Promise<number> {
  let counts: number[] = [];
  const areEnough = async () => {
    counts = (await bench.client().get('/outside')).body.reports;
    return counts.length >= 7;
  };
  await pWaitFor(areEnough, { interval: 500, timeout: { milliseconds: 60_000 } });
  return median(counts);
}

/** Mails that the box accepted and never sent, because a replica was killed a moment later. */
async function mailsLost(bench: Bench, victim: string): Promise<number> {
  const client = bench.client();
  let accepted = 0;
  for (let mail = 0; mail < mails; mail += 1) {
    if ((await client.post(`/mails/${mail}`)).status === 202) accepted += 1;
  }
  await bench.struck(victim, 'kill', () => setTimeout(1000));
  let sent = 0;
  let changedAt = Date.now();
  const isSettled = async () => {
    bench.signal.throwIfAborted();
    // The killed replica starts again. The count is complete only when it answers.
    const answer = await client.get('/outside').catch(() => undefined);
    if (answer?.status !== 200) return false;
    if (answer.body.mails !== sent) [sent, changedAt] = [answer.body.mails, Date.now()];
    bench.report(`${sent} of ${accepted} mails sent`);
    return sent >= accepted || Date.now() - changedAt > silenceMs;
  };
  await pWaitFor(isSettled, { interval: 300, timeout: { milliseconds: 120_000 } });
  return accepted - sent;
}

const run = (name: string, count: number, state: 'own' | 'shared'): Run => ({
  name,
  measure: (bench) => measure(bench, count, state),
});
const single = 'own state, one replica';
const own = 'own state, three replicas';
const shared = 'shared state, three replicas';

export default defineLab({
  title: 'Hidden state',
  question: 'What does a process keep beside sessions, and what becomes of it on three replicas?',
  hypothesis:
    'A file on the local disk, a counter in memory, a timer and a job in the process are all state. On one replica they look right; on three, files are missing, a limit of 10 lets 30 pass and each report is written three times. A kill loses jobs on any number.',
  columns: {
    missing: { title: 'files not found', unit: '%', digits: 1 },
    passed: { title: `calls that a limit of ${limit} lets pass` },
    reports: { title: 'reports of each second' },
    lost: { title: 'mails lost by a kill' },
  },
  runs: [
    { ...run(single, 1, 'own'), control: true },
    run(own, 3, 'own'),
    { ...run(shared, 3, 'shared'), control: true },
  ],
  claims: [
    {
      says: 'percent of the files not found on three replicas with disks of their own',
      of: ({ of }) => of(own, 'missing'),
      atLeast: 50,
    },
    {
      says: 'calls that three counters in memory let pass ÷ the limit',
      of: ({ of }) => of(own, 'passed') / limit,
      atLeast: 2.5,
    },
    {
      says: 'reports of each second that three timers write',
      of: ({ of }) => of(own, 'reports'),
      atLeast: 2.5,
    },
    {
      says: 'mails lost by the kill of one of three replicas that keep them in the process',
      of: ({ of }) => of(own, 'lost'),
      atLeast: 5,
    },
    {
      says: 'one replica: percent of the files not found, calls above the limit and reports above one',
      of: ({ of }) => of(single, 'missing') + of(single, 'passed') - limit + of(single, 'reports') - 1,
      atMost: 0,
      control: true,
    },
    {
      says: 'shared state: percent of the files not found, calls above the limit, reports above one and mails lost',
      of: ({ of }) =>
        of(shared, 'missing') + of(shared, 'passed') - limit + of(shared, 'reports') - 1 + of(shared, 'lost'),
      atMost: 0,
      control: true,
    },
    {
      says: 'calls that one counter for three replicas lets pass ÷ the limit',
      of: ({ of }) => of(shared, 'passed') / limit,
      atLeast: 1,
      control: true,
    },
  ],
  plot: 'passed',
  meaning: ({ of }) =>
    `With a second and a third replica ${of(own, 'missing').toFixed(0)} % of the reads missed a file that was there, a limit of ${limit} let ${of(own, 'passed').toFixed(0)} calls pass and each report was written ${of(own, 'reports').toFixed(0)} times; a kill lost ${of(single, 'lost').toFixed(0)} of ${mails} mails on one replica and ${of(own, 'lost').toFixed(0)} on three. A shared folder, a counter in Redis, one schedule and a queue whose jobs another replica takes over keep all four promises, on any number.`,
  code: [
    'apps/api/src/uploads/object-store.ts',
    'apps/api/src/plugins/rate-limit.ts',
    'apps/worker/src/queues.ts',
    'apps/worker/src/outbox-relay.ts',
  ],
  tryNext: [
    '`maxStalledCount: 0` in box/shared.ts: a job whose replica died is given up instead of taken over',
    'kill the replica after the mail is sent and before its job is done: it is sent twice, and why the shop’s jobs can be repeated (docs/patterns.md)',
  ],
});
