import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { type Job, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { mailTakesMs, type Outside, reportEveryMs, type State } from './state.ts';

/** A volume that every replica mounts. The shop uses object storage, which does not depend on one machine. */
const folder = '/shared';
const windowSeconds = 60;

/** The same five functions, each on a store that all replicas share and that outlives them. */
export async function sharedState(
  redis: Redis,
  prefix: string,
  { sendMail, writeReport }: Outside,
): Promise<State> {
  const queue = new Queue('background', { connection: redis, prefix });
  const work = async (job: Job<{ mail: string }>) => {
    // The id of a scheduled job ends with its time, so all replicas use the same id.
    if (job.name === 'report') return await writeReport(Number(job.id?.split(':').at(-1)) / reportEveryMs);
    await setTimeout(mailTakesMs);
    await sendMail(job.data.mail);
  };
  new Worker('background', work, {
    connection: redis,
    prefix,
    concurrency: 50,
    // A dead replica does not renew its locks. After this time another replica takes over its jobs.
    lockDuration: 3000,
    stalledInterval: 1000,
    maxStalledCount: 10,
  }).on('error', (error) => console.error(error));
  return {
    keepFile: (name, body) => writeFile(`${folder}/${prefix}-${name}`, body),
    readFile: (name) => readFile(`${folder}/${prefix}-${name}`).catch(() => undefined),
    countCall: async (customer) => {
      const key = `${prefix}:calls:${customer}`;
      const [count] = (await redis.multi().incr(key).expire(key, windowSeconds, 'NX').exec()) ?? [];
      return Number(count?.[1]);
    },
    sendLater: async (mail) => void (await queue.add('mail', { mail })),
    // Every replica creates the same schedule; it exists once, and one replica takes each of its jobs.
    startReports: async () =>
      void (await queue.upsertJobScheduler('report', { every: reportEveryMs }, { name: 'report' })),
  };
}
