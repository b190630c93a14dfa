import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

// Each program is a small server; the folder, the processes and the saves are real.
let folder: string;
let port: number;
let watcher: ChildProcess;
let output: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shop-watch-'));
  port = await freePort();
  output = '';
  await mkdir(join(folder, 'node_modules/dependency'), { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'node_modules/dependency/package.json'), '{ "exports": "./index.mjs" }');
  await writeFile(
    join(folder, 'node_modules/dependency/index.mjs'),
    "console.log('dependency imported by ' + process.pid);",
  );
  await writeFile(
    join(folder, 'main.ts'),
    `import { createServer } from 'node:http';
     import 'dependency';
     import { answer } from './answer.ts';
     createServer((_, response) => response.end(answer + ' by ' + process.pid)).listen(${port});`,
  );
  await save('first');
});

afterEach(async () => {
  if (watcher.exitCode === null) {
    watcher.kill('SIGTERM');
    await once(watcher, 'exit');
  }
  await rm(folder, { recursive: true });
});

test('a saved line is served, however the editor saves it', async () => {
  await start();
  await expectServed('first');
  // Each way twice: `node --watch` notices only the first replacement.
  for (const round of ['1', '2']) {
    await save(`written ${round}`);
    await expectServed(`written ${round}`);
    await replace(`replaced ${round}`);
    await expectServed(`replaced ${round}`);
  }
});

test('the process that serves after a save has imported the dependencies before it', async () => {
  await start();
  await expectServed('first');
  await vi.waitFor(() => expect(importers()).toHaveLength(2), patience);
  await save('second');
  const pid = await expectServed('second');
  expect(importers()[1]).toBe(pid);
});

test('a program that does not compile starts again at the next save', async () => {
  await start();
  await expectServed('first');
  await writeFile(join(folder, 'answer.ts'), 'export const answer = ;');
  await vi.waitFor(() => expect(output).toMatch(/main\.ts ended with 1/), patience);
  await save('corrected');
  await expectServed('corrected');
});

test('a program that ignores SIGTERM is replaced, and ends with the watcher', async () => {
  await writeFile(join(folder, 'node_modules/dependency/index.mjs'), "process.on('SIGTERM', () => {});");
  await start();
  await expectServed('first');
  await save('second');
  await expectServed('second');
  watcher.kill('SIGTERM');
  await once(watcher, 'exit');
  await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();
});

const patience = { timeout: 40_000, interval: 20 };

/** Starts watch.ts on the folder, and waits until it watches. */
async function start(): Promise<void> {
  const script = resolve(import.meta.dirname, 'watch.ts');
  watcher = spawn(process.execPath, [script, join(folder, 'main.ts'), folder], { stdio: 'pipe' });
  for (const stream of [watcher.stdout, watcher.stderr]) {
    stream?.on('data', (text) => {
      output += text;
    });
  }
  await vi.waitFor(() => expect(output).toContain('watch: ready'), patience);
}

const source = (answer: string) => `export const answer = '${answer}';`;
const save = (answer: string) => writeFile(join(folder, 'answer.ts'), source(answer));

async function replace(answer: string): Promise<void> {
  await writeFile(join(folder, 'answer.tmp'), source(answer));
  await rename(join(folder, 'answer.tmp'), join(folder, 'answer.ts'));
}

/** Waits until the program answers with these words. @returns the id of its process. */
async function expectServed(answer: string): Promise<number> {
  return vi.waitFor(async () => {
    const [words, pid] = (await (await fetch(`http://127.0.0.1:${port}`)).text()).split(' by ');
    expect(words, output).toBe(answer);
    return Number(pid);
  }, patience);
}

/** The processes that have imported the dependency, first to last. */
const importers = () => [...output.matchAll(/dependency imported by (\d+)/g)].map(([, pid]) => Number(pid));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const free = (server.address() as AddressInfo).port;
  server.close();
  await once(server, 'close');
  return free;
}
