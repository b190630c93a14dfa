import { readFileSync } from 'node:fs';

/** A process of the machine. Its start time tells it from a later process with the same pid. */
export interface Process {
  pid: number;
  startedAt: string;
}

/** @returns nothing when there is no such process, or when it is not one of this container. */
export async function findProcess(pid: number, containerId: string): Promise<Process | undefined> {
  const status = await statusOf(pid);
  const cgroups = await readProcess(pid, 'cgroup');
  // Without the machine's pids (`pid: host`) the same number would be another process.
  if (!status || !cgroups?.includes(containerId)) return undefined;
  return { pid, startedAt: status.startedAt };
}

/**
 * Whether the kernel has ended a process. For the first process of a container this means that nothing runs in the
 * container any more: the kernel kills all other processes of the namespace, and waits for their end, before the first
 * one is gone.
 */
export async function isGone({ pid, startedAt }: Process): Promise<boolean> {
  const status = await statusOf(pid);
  return !status || status.startedAt !== startedAt || /[ZX]/.test(status.state);
}

/** From proc_pid_stat(5): the third field and the 22nd. The second is a name, which may contain any character. */
async function statusOf(pid: number): Promise<{ state: string; startedAt: string } | undefined> {
  const text = await readProcess(pid, 'stat');
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startedAt: fields[19] ?? '' };
}

/** @returns nothing when there is no such process. @throws when that cannot be decided. */
async function readProcess(pid: number, file: string): Promise<string | undefined> {
  try {
    // The kernel answers from memory, and is asked twenty times a second: the thread pool would cost three times as much.
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
