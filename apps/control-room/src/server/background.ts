import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { readNotice } from '@shop/browser/control-room-notice.ts';
import { ActionableError } from '@shop/command/actionable-error.ts';
import { stateDir } from '@shop/command/folders.ts';
import pWaitFor from 'p-wait-for';

/** The first start builds the page. */
const openMs = 120_000;

/**
 * Opens the control room of a project in a process that goes on when this one has ended, unless it is open. It writes
 * what a terminal would show to a log in .state.
 *
 * @param args this program's, without the option that leads here.
 * @returns the newest link.
 * @throws ActionableError with the last lines of the log when it ends before it is open.
 */
export async function openInBackground(project: string, args: string[]): Promise<string> {
  const present = await readNotice(project);
  if (present) return present.link;
  const log = `${stateDir}control-room-${project}.log`;
  // The log has the links, which are for its owner alone.
  const output = await open(log, 'w', 0o600);
  const room = spawn(process.execPath, [process.argv[1]!, ...args], {
    detached: true,
    stdio: ['ignore', output.fd, output.fd],
  });
  await output.close();
  let over = false;
  void once(room, 'exit').then(() => {
    over = true;
  });
  await pWaitFor(async () => over || Boolean(await readNotice(project)), { interval: 100, timeout: openMs });
  const notice = await readNotice(project);
  if (!notice)
    throw new ActionableError(
      `The control room did not open.\n${(await readFile(log, 'utf8')).trim()}`,
      'the lines above say why; then run `npm run control-room`',
    );
  room.unref();
  return notice.link;
}
