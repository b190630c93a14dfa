import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { loadConfig } from './config.ts';
import { createEngine } from './engine.ts';
import { createEtcd, type Leader } from './etcd.ts';
import { checkLeader } from './fence.ts';
import { rememberLeaderProcess } from './leader-process.ts';
import { answersUs, isSilentTo } from './probe.ts';
import { countSilence } from './silence.ts';

const config = loadConfig();
const log = pino({ level: config.logLevel });
const etcd = createEtcd(config.etcdUrls, config.leaderKey);
const engine = createEngine(config.engineSocket, config.composeProject);
const stopping = new AbortController();
let wake = new AbortController();

let reportedDead = new Set<string | undefined>();
const silenceOf = countSilence();
const leaderProcess = rememberLeaderProcess(engine.findDatabase);
let unanswered = 0;

async function isSuspected(leader: Leader): Promise<boolean> {
  const isReportedDead = reportedDead.has(leader.name);
  reportedDead = new Set();
  unanswered = 0;
  if (isReportedDead) return true;

  const answered = await answersUs(leader.name, config.probeTimeoutMs);
  unanswered = silenceOf(leader.leaseId, answered);
  return !answered;
}

async function isProvenSilent(leader: Leader): Promise<boolean> {
  if (unanswered < config.silentProbes) return false;
  const witnesses = config.databases.filter((name) => name !== leader.name);
  const verdicts = await Promise.allSettled(witnesses.map((name) => isSilentTo(engine, name, leader.name)));
  log.warn({ leader, unanswered, witnesses, verdicts }, 'leader is silent');
  const couldAsk = verdicts.filter((verdict) => verdict.status === 'fulfilled');
  return couldAsk.length > 0 && couldAsk.every((verdict) => verdict.value);
}

/** A reported death makes the fencer check at once, whether the report is true or not. */
async function listenForDeaths(): Promise<void> {
  while (!stopping.signal.aborted) {
    try {
      for await (const service of engine.deaths(stopping.signal)) {
        reportedDead.add(service);
        wake.abort();
      }
    } catch (err) {
      if (!stopping.signal.aborted)
        log.warn({ err }, 'no events from the engine: looking every interval only');
    }
    await sleep(config.checkIntervalMs);
  }
}

/** The same for a death that the fencer itself sees. */
async function watchProcess(): Promise<void> {
  let wasGone = false;
  while (!stopping.signal.aborted) {
    const gone = await leaderProcess.seemsGone().catch(() => false);
    if (gone && !wasGone) wake.abort();
    wasGone = gone;
    await sleep(config.processIntervalMs);
  }
}

async function watchLeader(): Promise<void> {
  while (!stopping.signal.aborted) {
    // Reset before the check, so that a death during the check starts another one.
    wake = new AbortController();
    try {
      await checkLeader({
        etcd,
        engine,
        ...leaderProcess,
        isSuspected,
        isProvenSilent,
        provesDeath: config.provesDeath,
        restartDelayMs: config.restartDelayMs,
        log,
      });
      // For the container's health check: etcd and the engine have answered, whatever they said.
      await writeFile(config.lookedFile, '');
    } catch (err) {
      log.warn({ err }, 'cannot tell: doing nothing');
    }
    const pauseMs = unanswered > 0 ? config.checkIntervalMs / 5 : config.checkIntervalMs;
    await sleep(pauseMs, undefined, { signal: wake.signal }).catch(() => undefined);
  }
}

closeWithGrace({ delay: 5_000, logger: log }, async () => {
  stopping.abort();
  wake.abort();
  await watching;
});

const watching = Promise.all([watchLeader(), watchProcess(), listenForDeaths()]);
