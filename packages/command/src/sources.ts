import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { root } from './folders.ts';

/** The release of these sources, as in package.json: migrations depend on it. */
export async function releaseOfSources(): Promise<string> {
  return JSON.parse(await readFile(`${root}package.json`, 'utf8')).version;
}

/** Release and commit, as semantic versioning writes it (https://semver.org, build metadata): `0.1.0+922a01c`. */
export async function versionOfSources(): Promise<string> {
  const { stdout, failed } = await execa('git', ['describe', '--always', '--exclude=*', '--dirty=.changed'], {
    cwd: root,
    reject: false,
  });
  return `${await releaseOfSources()}+${failed ? 'unversioned' : stdout}`;
}

/** As `versionOfSources`, with the time, so that no two deployments have the same version. */
export async function versionOfNow(now = new Date()): Promise<string> {
  const time = now.toISOString().replace(/\D/g, '').slice(0, 14);
  return `${await versionOfSources()}.${time}`;
}

/** The files below apps/ and packages/ that differ from HEAD. */
export async function changedSources(): Promise<string[]> {
  const { stdout } = await execa('git', ['diff', '--name-only', 'HEAD', '--', 'apps', 'packages'], {
    cwd: root,
  });
  return stdout.split('\n').filter(Boolean);
}
