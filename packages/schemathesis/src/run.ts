import { fileURLToPath } from 'node:url';
import { stateDir } from '@shop/command/folders.ts';
import { execa } from 'execa';
import { schemathesis } from './install.ts';

const config = fileURLToPath(new URL('../schemathesis.toml', import.meta.url));
const hooks = fileURLToPath(new URL('./hooks.py', import.meta.url));

export type Run = {
  /** An edge; the document is read from it, too. */
  origin: string;
  /** The cookies of a session, as a header has them; undefined for a guest. */
  cookie?: string;
  seed: number;
  /** How many generated calls each operation gets at most. */
  callsPerOperation: number;
  /**
   * The rows that calls may change: in changing calls, valid ids of products and orders are replaced by these
   * (hooks.py).
   */
  own: { productId: string; orderId: string; category: string };
  signal?: AbortSignal;
};

export type Outcome = { passed: boolean; calls: number; report: string };

/**
 * Calls the operations of the OpenAPI document with generated values, valid and invalid ones, and compares the answers
 * with the document.
 *
 * @returns `report`: what the program printed; each counterexample has a `curl` line.
 * @throws when the program did not run to its end.
 */
export async function compareWithDocument(run: Run): Promise<Outcome> {
  const { origin, cookie, seed, callsPerOperation, own, signal } = run;
  // A customer or an admin who logs in, registers or logs out would end the session of the run.
  const session = cookie ? ['--header', `Cookie: ${cookie}`, '--exclude-path-regex', sessionCalls] : [];
  const { all, exitCode } = await execa(
    schemathesis.program,
    [
      ...schemathesis.args,
      '--config-file',
      config,
      'run',
      `${origin}/api/openapi.json`,
      '--seed',
      String(seed),
      '--max-examples',
      String(callsPerOperation),
      ...session,
    ],
    {
      // Its cache belongs to this machine.
      cwd: stateDir,
      env: {
        SCHEMATHESIS_HOOKS: hooks,
        PYTHONDONTWRITEBYTECODE: '1',
        CONTRACT_PRODUCT_ID: own.productId,
        CONTRACT_ORDER_ID: own.orderId,
        CONTRACT_CATEGORY: own.category,
      },
      all: true,
      reject: false,
      stdin: 'ignore',
      cancelSignal: signal,
    },
  );
  const report = cookie ? all.replaceAll(cookie, '<session>') : all;
  const [, calls] = /(\d+) generated/.exec(report) ?? [];
  // 0: no objection, 1: objections. Any other code means that the run failed.
  if ((exitCode !== 0 && exitCode !== 1) || calls === undefined)
    throw new Error(`Schemathesis did not run to its end (exit code ${exitCode}):\n${report}`);
  return { passed: exitCode === 0, calls: Number(calls), report };
}

const sessionCalls = '^/api/auth/(login|register|logout)$';
