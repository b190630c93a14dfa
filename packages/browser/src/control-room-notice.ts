import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { stateDir } from '@shop/command/folders.ts';
import pWaitFor from 'p-wait-for';
import { check, lock } from 'proper-lockfile';

/** What a control room in the background tells the other commands of this clone. */
export type Notice = { pid: number; link: string };

/** A control room renews its lock; the notice of one that was killed counts no longer than this. */
const locking = { realpath: false, stale: 10_000 };
/** Longer than a control room takes to switch a broken build off. */
const closeMs = 300_000;

const noticeFile = (project: string) => `${stateDir}control-room-${project}.json`;

/**
 * Takes the place of the one control room of a project that runs in the background.
 * @throws when another one has it.
 */
export async function postNotice(project: string) {
  const file = noticeFile(project);
  // A machine that slept for longer has not renewed the lock in time; the control room goes on.
  const release = await lock(file, { ...locking, update: 2_000, onCompromised: () => {} });
  // That of one that was killed.
  await rm(file, { force: true });
  return {
    /** The link lets its reader strike containers, so only the owner may read the file. */
    async show(link: string): Promise<void> {
      const next = `${file}.next`;
      await writeFile(next, JSON.stringify({ pid: process.pid, link } satisfies Notice), { mode: 0o600 });
      await rename(next, file);
    },
    async remove(): Promise<void> {
      await rm(file, { force: true });
      await release();
    },
  };
}

/** The notice of a project's control room in the background; `undefined` when there is none, or not yet. */
export async function readNotice(project: string): Promise<Notice | undefined> {
  const file = noticeFile(project);
  if (!(await check(file, locking))) return undefined;
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}

/**
 * Ends a project's control room in the background, which stops its shoppers and switches its broken build off.
 * @returns whether there was one.
 */
export async function endControlRoom(project: string): Promise<boolean> {
  const notice = await readNotice(project);
  if (!notice) return false;
  process.kill(notice.pid, 'SIGTERM');
  await pWaitFor(async () => !(await check(noticeFile(project), locking)), {
    interval: 200,
    timeout: { milliseconds: closeMs, message: `the control room of "${project}" does not end` },
  });
  return true;
}
