import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { watch } from 'chokidar';

/**
 * Runs a TypeScript program from its sources, and starts it again when a source is saved:
 * `watch.ts <program> <folder>...`. It watches the .ts and .json files of the folders.
 *
 * Most of a start is the import of modules from node_modules, which no save changes. A second process, the standby,
 * imports them in advance: after a save it has only the sources left to import.
 */
const [program, ...folders] = process.argv.slice(2);
if (!program || folders.length === 0) throw new Error('usage: watch.ts <program> <folder>...');
const standbyProgram = resolve(import.meta.dirname, 'standby.ts');

/** Editors save in several steps, and "save all" saves several files: they cause one restart. */
const quietMs = 40;
/** A program that has not ended by then is killed. */
const stopMs = 1_000;

let dependencies: string[] = [];
let running: ChildProcess | undefined;
let standby: ChildProcess | undefined;
let restart = Promise.resolve();
let timer: NodeJS.Timeout | undefined;

/** Starts a process that imports the dependencies of the last run and then waits. */
function prepare(): ChildProcess {
  const child = fork(standbyProgram, {
    execArgv: ['--disable-warning=ExperimentalWarning', '--disable-warning=SecurityWarning'],
  });
  child.send({ dependencies });
  return child;
}

/** Lets the standby run the program, and prepares the next standby once the program has started. */
function run(): void {
  const child = standby ?? prepare();
  standby = undefined;
  running = child;
  child.send({ program: resolve(program as string) });
  child.once('message', (used: string[]) => {
    dependencies = used;
    child.disconnect();
    standby ??= prepare();
  });
  child.once('exit', (code, signal) => {
    if (running !== child) return;
    running = undefined;
    standby ??= prepare();
    console.log(`watch: ${program} ended with ${signal ?? code}; it starts again when a file is saved`);
  });
}

async function stop(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), stopMs);
  await ended;
  clearTimeout(kill);
}

/** Starts the program again, after a restart that is in progress. */
async function startAgain(): Promise<void> {
  const old = running;
  running = undefined;
  await stop(old);
  run();
}

const watcher = watch(folders, {
  ignoreInitial: true,
  // A restart waits for `quietMs` in any case.
  atomic: false,
  ignored: (path, stats) =>
    path.includes('node_modules') || (stats?.isFile() === true && !/(?<!\.test)\.(ts|json)$/.test(path)),
});
watcher.on('ready', () => console.log('watch: ready'));
watcher.on('all', (event, path) => {
  if (event === 'addDir' || event === 'unlinkDir') return;
  clearTimeout(timer);
  timer = setTimeout(() => {
    console.log(`watch: ${path} was saved, ${program} starts again`);
    restart = restart.then(startAgain);
  }, quietMs);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    const old = running;
    running = undefined;
    standby?.kill('SIGKILL');
    await stop(old);
    process.exit();
  });
}

run();
