import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';

/** Longer than any of our questions takes; a node that is paused says nothing for as long as it is. */
const answerMs = 5_000;
/** psql in a container of a database node, as its superuser, past every proxy. */
export const psql = ['psql', '--host=/run/postgresql', '--username=postgres', '--no-psqlrc', '--quiet'];
const asRows = ['--no-align', '--tuples-only', '--field-separator=\t'];

/** The session was lost before its answer came, so the next one may be asked. */
export class SessionEnded extends Error {}

/**
 * A session of psql in a container that is kept from one question to the next: starting a program in a container takes
 * 150 ms, and checkers ask some dozens of questions after each run. It does not keep this process from ending.
 */
export class PsqlSession {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #database: string;
  #turn: Promise<unknown> = Promise.resolve();
  #printed = '';
  #errors = '';
  #waiting: { mark: string; answered: (text: string) => void; failed: (error: Error) => void } | undefined;
  #ended = false;

  constructor(containerId: string, database: string) {
    this.#database = database;
    const args = ['exec', '--interactive', containerId, ...psql, ...asRows, database];
    this.#process = spawn('docker', args);
    this.#process.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
    // A pipe that breaks is told by the end of the process.
    this.#process.stdin.on('error', () => {});
    this.#process.on('exit', () => this.#end(`psql ended: ${this.#errors.trim()}`));
    this.#process.unref();
    // Node's pipes are sockets, which its types do not say.
    for (const pipe of [this.#process.stdin, this.#process.stdout, this.#process.stderr]) {
      (pipe as unknown as Socket).unref();
    }
  }

  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Runs statements, one question after the other. @returns what they print, a row a line, fields separated by tabs.
   * @throws SessionEnded when the session is lost before the answer, and an Error with psql's words when the SQL fails.
   */
  async ask(sql: string): Promise<string> {
    const answer = this.#turn.then(() => this.#askNow(sql));
    this.#turn = answer.catch(() => {});
    return await answer;
  }

  async #askNow(sql: string): Promise<string> {
    if (this.#ended) throw new SessionEnded(`no session in ${this.#database}`);
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const mark = randomUUID();
    const patience = setTimeout(() => this.#end(`psql said nothing for ${answerMs} ms to: ${sql}`), answerMs);
    this.#waiting = { mark, answered: resolve, failed: reject };
    this.#errors = '';
    // The mark comes back behind whatever the statements print, with whether the last of them failed.
    this.#process.stdin.write(`${sql}\n;\n\\echo ${mark} :ERROR :'LAST_ERROR_MESSAGE'\n`);
    return await promise.finally(() => clearTimeout(patience));
  }

  #read(text: string): void {
    this.#printed += text;
    const { mark, answered, failed } = this.#waiting ?? {};
    if (!mark) return;
    const at = this.#printed.indexOf(mark);
    const end = this.#printed.indexOf('\n', at);
    if (at < 0 || end < 0) return;
    const [printed, verdict] = [this.#printed.slice(0, at), this.#printed.slice(at + mark.length + 1, end)];
    this.#printed = this.#printed.slice(end + 1);
    this.#waiting = undefined;
    if (!verdict.startsWith('true')) answered?.(printed);
    // The server ended the connection and psql made another: it has no message of an error in SQL then.
    else if (verdict.endsWith("''")) failed?.(new SessionEnded(`psql: ${this.#errors.trim()}`));
    else failed?.(new Error(`psql: ${verdict.slice('true '.length)}`));
  }

  #end(why: string): void {
    this.#ended = true;
    this.#process.kill('SIGKILL');
    this.#waiting?.failed(new SessionEnded(why));
    this.#waiting = undefined;
  }
}
