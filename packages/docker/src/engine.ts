import { ActionableError } from '@shop/command/actionable-error.ts';
import { command, succeeds } from '@shop/command/command.ts';
import type { Report } from '@shop/command/steps.ts';
import { execa } from 'execa';
import { EngineError, engine } from './engine-api.ts';
import { composeWith } from './topology.ts';

const engineScript = 'infra/offline/engine.sh';

/** What would be installed on this machine so that containers can run here, one line for each; empty when nothing. */
export async function plannedInstallations(): Promise<string[]> {
  if ((await engineAnswers()) && (await hasCompose()) && (await hasBuildx())) return [];
  const { stdout, failed } = await execa(engineScript, ['plan'], { reject: false });
  return failed ? [] : stdout.split('\n').filter(Boolean);
}

/**
 * Makes sure that an engine and compose of the needed versions answer, and installs what is missing on Debian.
 *
 * @throws ActionableError when they are too old, can't be installed here, or the engine does not start.
 */
export async function ensureEngine(report: Report): Promise<string> {
  await refuseWithoutPermission();
  if (!(await engineAnswers()) || !(await hasCompose()) || !(await hasBuildx())) {
    const hint =
      'install Docker Engine 25 or newer with compose 2.24 or newer, start it, and run the command again';
    await command(engineScript, ['install'], { report, hint });
    await command(engineScript, ['start'], { report, hint });
  }
  const { Version: version } = await engine().version();
  const compose = (await composeWith(['version', '--short'], {})).trim();
  if (!isAtLeast(version, '25.0'))
    tooOld('Docker Engine', version, '25.0', 'health checks have no start_interval before');
  if (!isAtLeast(compose, '2.24'))
    tooOld('docker compose', compose, '2.24', 'earlier ones do not merge `include`d files');
  return `Docker ${version}, compose ${compose}`;
}

async function refuseWithoutPermission(): Promise<void> {
  const refused = await askEngine().catch((error: EngineError) => error);
  if (!(refused instanceof EngineError) || !/EACCES/.test(refused.message)) return;
  throw new ActionableError(
    'Docker is running, but this user may not talk to it.',
    'add yourself to its group (`sudo usermod -aG docker $USER`), log in again, and run the command again',
  );
}

/** Compares the first two numbers of versions such as `2.26.1-4` or `v2.40.0`. */
export function isAtLeast(version: string, minimum: string): boolean {
  const [major = 0, minor = 0] = numbersOf(version);
  const [minimumMajor = 0, minimumMinor = 0] = numbersOf(minimum);
  return major > minimumMajor || (major === minimumMajor && minor >= minimumMinor);
}

const numbersOf = (version: string) =>
  version
    .replace(/^v/, '')
    .split('.')
    .map((part) => Number.parseInt(part, 10));
/** The cheapest question that an engine which hangs does not answer. */
const askEngine = () => engine().listContainers({ limit: 1, abortSignal: AbortSignal.timeout(20_000) });
const engineAnswers = () => fulfils(askEngine());
const hasCompose = () => fulfils(composeWith(['version'], {}));
/** A program on this machine, such as compose. */
const hasBuildx = () => succeeds('docker', ['buildx', 'version']);

const fulfils = (asked: Promise<unknown>) =>
  asked.then(
    () => true,
    () => false,
  );

function tooOld(program: string, version: string, minimum: string, reason: string): never {
  throw new ActionableError(
    `${program} ${version} is too old: ${reason} ${minimum}.`,
    `upgrade ${program} to ${minimum} or newer (https://docs.docker.com/engine/install/), then run the command again`,
  );
}
