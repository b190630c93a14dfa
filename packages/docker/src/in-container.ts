import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Exec } from 'dockerode';
import pWaitFor from 'p-wait-for';
import { extract } from 'tar-stream';
import { container, engine } from './engine-api.ts';

/**
 * Runs a program in a container. @returns what it wrote to its output, without the last line break.
 * @throws when it fails, with what it wrote to its errors, and when the container does not run.
 */
export async function execIn(id: string, ...command: string[]): Promise<string> {
  return await outputOf(await openIn(id, ...command), nameOf(command, id));
}

/** `execIn` a program that reads `input`. */
export async function feedIn(id: string, input: string, ...command: string[]): Promise<string> {
  return await outputOf(await openIn(id, ...command), nameOf(command, id), input);
}

const nameOf = (command: string[], id: string) => `\`${command.join(' ')}\` in ${id}`;

/** Gives `input` to a program and waits for its end; returns and throws as `execIn`. `name` is for the error. */
export async function outputOf(program: Program, name: string, input?: string): Promise<string> {
  program.stdin.end(input);
  const [output, errors] = await Promise.all([text(program.stdout), text(program.stderr), program.ended]);
  const exitCode = await program.exitCode();
  if (exitCode === 0) return output.replace(/\n$/, '');
  // When there is no such program, the engine writes that to the output.
  const said = (errors || output).trim();
  throw new Error(`${name} failed (exit code ${exitCode}): ${said}`);
}

/** A program that runs in a container. */
export interface Program {
  stdin: Writable;
  stdout: Readable;
  stderr: Readable;
  /** Resolves when the program has ended or the connection to the engine is lost. */
  ended: Promise<void>;
  /** Call it after the end. @throws when the connection was lost and the program still runs. */
  exitCode(): Promise<number>;
  /** Lets this process end while the program runs. */
  unref(): void;
  /** Closes the connection: the program reads the end of its input. */
  close(): void;
}

/** Starts a program in a container and connects to its input and output. @throws when the container does not run. */
export async function openIn(id: string, ...command: string[]): Promise<Program> {
  const attached = { AttachStdin: true, AttachStdout: true, AttachStderr: true };
  const exec = await container(id).exec({ Cmd: command, ...attached });
  // After this call, the connection carries the program's input and output instead of HTTP.
  const socket = (await exec.start({ hijack: true, stdin: true })) as Socket;
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  socket.on('close', () => resolve());
  return {
    stdin: socket,
    ...apart(socket),
    ended,
    exitCode: () => exitCodeOf(exec),
    unref: () => socket.unref(),
    close: () => socket.destroy(),
  };
}

/** The engine may close the connection some milliseconds before it knows the exit code. */
async function exitCodeOf(exec: Exec): Promise<number> {
  const code = async () => {
    const { ExitCode } = await exec.inspect();
    return ExitCode !== null && pWaitFor.resolveWith(ExitCode);
  };
  const message = 'the connection to a program in a container was lost';
  return await pWaitFor(code, { interval: 20, timeout: { milliseconds: 10_000, message } });
}

/** The output of a container since a moment, in milliseconds since the epoch. */
export async function outputSince(id: string, since: number): Promise<string> {
  // Without `follow`, which would end only when something is written after `until`.
  return piecesOf(await container(id).logs({ stdout: true, since: since / 1_000 }), 1);
}

/** The last lines of a container's output and errors, or why they cannot be read. */
export async function lastLines(id: string, count: number): Promise<string> {
  const logs = container(id).logs({ stdout: true, stderr: true, tail: count });
  return await logs.then((both) => piecesOf(both, 1, 2).replace(/\n$/, ''), String);
}

/** The lines that a container writes to its output and errors, from a moment in milliseconds until the container ends. */
export async function linesFrom(id: string, since: number): Promise<AsyncIterable<string>> {
  const options = { follow: true, stdout: true, stderr: true, since: since / 1_000 } as const;
  const both = new PassThrough();
  const sent = await container(id).logs(options);
  engine().modem.demuxStream(sent, both, both);
  sent.on('end', () => both.end());
  // The iterator is created at once: lines that come before it exists would be lost.
  return createInterface({ input: both })[Symbol.asyncIterator]();
}

/**
 * The content of a file in a container; the container need not run. @throws when there is no such container or file.
 */
export async function readFrom(id: string, path: string): Promise<Buffer> {
  const archive = extract();
  const received = pipeline(await container(id).getArchive({ path }), archive);
  let content = Buffer.alloc(0);
  for await (const file of archive) content = await buffer(file);
  await received;
  return content;
}

/** Separates output from errors on a connection to a program. When the connection breaks, both end. */
function apart(socket: Socket): { stdout: Readable; stderr: Readable } {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  engine().modem.demuxStream(socket, stdout, stderr);
  // `close` follows each error.
  socket.on('error', () => {});
  socket.on('close', () => {
    stdout.end();
    stderr.end();
  });
  return { stdout, stderr };
}

/**
 * Reads pieces in the engine's format: one byte for the stream (1 output, 2 errors, 3 an error of the engine itself),
 * three empty bytes, four with the length, then the text. It returns the text of the wanted stream.
 */
function piecesOf(sent: Buffer, ...kinds: number[]): string {
  const contents: Buffer[] = [];
  for (let at = 0; at + 8 <= sent.length; ) {
    const kind = sent[at] ?? 0;
    const end = at + 8 + sent.readUInt32BE(at + 4);
    const content = sent.subarray(at + 8, end);
    if (kind === 3) throw new Error(`The container engine failed: ${content.toString().trim()}`);
    if (kinds.includes(kind)) contents.push(content);
    at = end;
  }
  return Buffer.concat(contents).toString();
}
