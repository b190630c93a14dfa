import { mkdtemp } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { execIn, feedIn, lastLines, linesFrom, openIn, outputSince, readFrom } from './in-container.ts';

/** A piece of a program's output (1) or errors (2), as the engine sends it. */
function piece(kind: number, content: string | Buffer): Buffer {
  const head = Buffer.from([kind, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(Buffer.byteLength(content), 4);
  return Buffer.concat([head, Buffer.from(content)]);
}

const exec: { sent: Buffer; read: string; exitCodes: (number | null)[] } = {
  sent: Buffer.alloc(0),
  read: '',
  exitCodes: [],
};
const asked: string[] = [];

const json = (response: ServerResponse, status: number, content: unknown) =>
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(content));

/** Answers what the engine answers about a container `there`, which runs, and about others, which do not exist. */
const server = createServer((request, response) => {
  const [, , name] = request.url!.split(/[/?]/);
  asked.push(`${request.method} ${request.url}`);
  if (request.url === '/exec/1/json') json(response, 200, { ExitCode: exec.exitCodes.shift() });
  else if (name !== 'there') json(response, 404, { message: `No such container: ${name}` });
  else if (request.url!.endsWith('/exec')) json(response, 201, { Id: '1' });
  else if (request.url!.includes('/logs?')) response.end(exec.sent);
  else if (request.url!.includes('/archive?')) {
    const archive = pack();
    archive.entry({ name: 'accounts.json' }, '{"role":"admin"}');
    archive.finalize();
    archive.pipe(response);
  } else response.writeHead(500).end();
});
// A program that writes after it has read the whole of its input.
server.on('upgrade', (_request, connection) => {
  connection.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
  exec.read = '';
  connection.on('data', (some: Buffer) => {
    exec.read += some;
  });
  connection.on('end', () => connection.writable && connection.end(exec.sent)).on('error', () => {});
});

const socket = `${await mkdtemp(join(tmpdir(), 'engine-'))}/socket`;
// Read at the first call.
process.env.DOCKER_HOST = `unix://${socket}`;

beforeAll(() => new Promise<void>((resolve) => void server.listen({ path: socket }, resolve)));
afterAll(() => void server.close());

test('a program gives its output, and its errors and exit code when it fails', async () => {
  const word = Buffer.from('grün\n');
  // The letter of two bytes comes in two pieces.
  exec.sent = Buffer.concat([piece(1, word.subarray(0, 3)), piece(2, 'why\n'), piece(1, word.subarray(3))]);
  // The engine says at first that the program still runs.
  exec.exitCodes = [null, 0];
  expect(await execIn('there', 'say')).toBe('grün');
  exec.exitCodes = [3];
  await expect(execIn('there', 'say', 'it')).rejects.toThrow('`say it` in there failed (exit code 3): why');
  await expect(execIn('gone', 'say')).rejects.toThrow('No such container: gone');
});

test('a program reads its input to the end', async () => {
  exec.sent = piece(1, 'done\n');
  exec.exitCodes = [0];
  expect(await feedIn('there', 'SELECT 1;\n', 'psql')).toBe('done');
  expect(exec.read).toBe('SELECT 1;\n');
});

test('a program that stays open takes input at any time, and closing the connection ends it', async () => {
  exec.sent = piece(1, 'bye\n');
  const program = await openIn('there', 'psql');
  program.stdin.write('one;');
  program.stdin.end('two;');
  expect(await text(program.stdout)).toBe('bye\n');
  await program.ended;
  expect(exec.read).toBe('one;two;');
  const other = await openIn('there', 'psql');
  other.close();
  await other.ended;
});

test('the output is told from the errors, and lines are both in their order', async () => {
  exec.sent = Buffer.concat([piece(1, 'a\n'), piece(2, 'b\n'), piece(1, 'c\n')]);
  expect(await outputSince('there', 1_500)).toBe('a\nc\n');
  expect(asked.at(-1)).toBe('GET /containers/there/logs?stdout=true&since=1.5');
  expect(await lastLines('there', 3)).toBe('a\nb\nc');
  expect(await lastLines('gone', 3)).toContain('No such container: gone');
  const lines: string[] = [];
  for await (const line of await linesFrom('there', 1_500)) lines.push(line);
  expect(lines).toEqual(['a', 'b', 'c']);
});

test('a file of a container is read from the archive that the engine sends', async () => {
  expect((await readFrom('there', '/state/accounts.json')).toString()).toBe('{"role":"admin"}');
  await expect(readFrom('gone', '/state/accounts.json')).rejects.toThrow('No such container: gone');
});
