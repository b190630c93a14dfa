import { root } from '@shop/command/folders.ts';
import { execa } from 'execa';
import pWaitFor from 'p-wait-for';

/** A control room that runs, as `npm run control-room` starts it. */
export interface ControlRoom {
  /** The links that it has printed. The newest one opens it, once; then it prints the next. */
  links(): string[];
  /** Sends a signal to the server and to what started it. */
  signal(name: NodeJS.Signals): void;
  /** Ends it, and returns when it has ended. */
  end(): Promise<void>;
}

const linksIn = (text: string): string[] =>
  text.match(/http:\/\/127\.0\.0\.1:\d+\/enter\?token=[\w-]{43}/g) ?? [];

/** The first start builds the page. */
const startMs = 120_000;

/**
 * Starts a control room of a shop that runs, on a free port.
 *
 * @param which shop: `['--project', 'shop-test']`, or `['--kubernetes']`.
 * @returns when it has printed its link.
 * @throws with what it has printed when it ends before that; TimeoutError after two minutes.
 */
export async function startControlRoom(which: string[]): Promise<ControlRoom> {
  const args = ['run', '--silent', 'control-room', '--', ...which, '--port', '0'];
  // A group of its own: npm passes no signal on to what it has started.
  const started = execa('npm', args, { cwd: root, detached: true, reject: false, all: true });
  let printed = '';
  let over = false;
  started.all.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  void started.then(() => {
    over = true;
  });
  const links = () => linksIn(printed);
  const signal = (name: NodeJS.Signals) => void process.kill(-started.pid!, name);
  const terminate = () => {
    if (!over) signal('SIGTERM');
  };
  // Its group outlives this process.
  process.once('exit', terminate);
  const end = async () => {
    terminate();
    await started;
    process.off('exit', terminate);
  };
  try {
    await pWaitFor(() => over || links().length > 0, { interval: 100, timeout: startMs });
  } catch (error) {
    await end();
    throw error;
  }
  if (over) throw new Error(`the control room ended: ${printed}`);
  return { links, signal, end };
}

/**
 * Opens a project's control room in the background, unless it is open.
 *
 * @param args more options of `npm run control-room`.
 * @returns its newest link, or else what the command said.
 */
export async function openControlRoom(
  project: string,
  args: string[] = [],
): Promise<{ link: string } | { said: string }> {
  const command = ['run', '--silent', 'control-room', '--', '--background', '--project', project, ...args];
  const { all } = await execa('npm', command, { cwd: root, reject: false, all: true });
  const [link] = linksIn(all);
  return link ? { link } : { said: all };
}
