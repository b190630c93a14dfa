import { randomUUID } from 'node:crypto';
import type { Program } from '@shop/docker/in-container.ts';

/** Longer than any of these queries takes; a paused node is silent as long as it is paused. */
const answerMs = 5_000;
/** psql in the container of a database node, as superuser, without a proxy. */
export const psql = ['psql', '--host=/run/postgresql', '--username=postgres', '--no-psqlrc', '--quiet'];
const asRows = ['--no-align', '--tuples-only', '--field-separator=\t'];

/** The session was lost before its answer came, so the query can be asked in a new one. */
export class SessionEnded extends Error {}

/**
 * A session of psql in a container that is kept between queries: starting a program in a container takes 150 ms, and
 * checkers make some dozens of queries after each run. The session does not keep this process from ending.
 */
export class PsqlSession {
  readonly #psql: Program;
  readonly #database: string;
  #turn: Promise<unknown> = Promise.resolve();
  #printed = '';
  #errors = '';
  #waiting: { mark: string; answered: (text: string) => void; failed: (error: Error) => void } | undefined;
  #ended = false;

  private constructor(program: Program, database: string) {
    this.#psql = program;
    this.#database = database;
    program.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    program.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
    program.ended.then(() => this.#end(`psql ended: ${this.#errors.trim()}`));
    program.unref();
  }

  /** `start` starts psql with these arguments on a database node. @throws what `start` throws. */
  static async open(
    start: (...command: string[]) => Promise<Program>,
    database: string,
  ): Promise<PsqlSession> {
    return new PsqlSession(await start(...psql, ...asRows, database), database);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Runs statements, one call after the other. @returns what they print, one line for each row, fields separated by
   * tabs. @throws SessionEnded when the session is lost before the answer, and an Error with psql's message when the
   * SQL fails.
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
    // This mark is printed after the output of the statements, with whether the last of them failed.
    this.#psql.stdin.write(`${sql}\n;\n\\echo ${mark} :ERROR :'LAST_ERROR_MESSAGE'\n`);
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
    // The server closed the connection and psql made another one: then psql has no SQL error to show.
    else if (verdict.endsWith("''")) failed?.(new SessionEnded(`psql: ${this.#errors.trim()}`));
    else failed?.(new Error(`psql: ${verdict.slice('true '.length)}`));
  }

  #end(why: string): void {
    this.#ended = true;
    this.#psql.close();
    this.#waiting?.failed(new SessionEnded(why));
    this.#waiting = undefined;
  }
}
