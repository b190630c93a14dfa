import { type Check, fail, pass } from '../facts.ts';

const exact = /^\d+\.\d+\.\d+/;

export const pinnedTools: Check = {
  title: 'the versions of Node, pnpm and every package are written down exactly',
  where: '.node-version; package.json: packageManager; pnpm-lock.yaml',
  run: ({ files }) => {
    const node = files.get('.node-version')?.trim() ?? '';
    const manager = /"packageManager": "pnpm@([^"]+)"/.exec(files.get('package.json') ?? '')?.[1] ?? '';
    const missing = [
      !exact.test(node) && '.node-version',
      !exact.test(manager) && 'packageManager in package.json',
      !files.get('pnpm-lock.yaml')?.includes('integrity: sha512-') && 'pnpm-lock.yaml',
    ].filter(Boolean);
    if (missing.length > 0) return fail(`not exact: ${missing.join(', ')}`);
    return pass(`Node ${node}, pnpm ${manager}, packages by their hashes`);
  },
};

/** The base images of a Dockerfile, without its own stages. */
function basesOf(dockerfile: string): string[] {
  const stages = new Set([...dockerfile.matchAll(/^FROM \S+ AS (\S+)/gim)].map(([, name]) => name));
  return [...dockerfile.matchAll(/^FROM (\S+)/gim)]
    .map(([, base = '']) => base)
    .filter((base) => !stages.has(base));
}

export const pinnedImages: Check = {
  title: 'base images are written down by their digest, so that a rebuild is the same',
  where: 'infra/*/Dockerfile: FROM',
  run: ({ files }) => {
    const dockerfiles = [...files].filter(([path]) => /^infra\/(?!offline\/).*Dockerfile$/.test(path));
    const bases = new Set(dockerfiles.flatMap(([, text]) => basesOf(text)));
    const moving = [...bases].filter((base) => !/@sha256:[0-9a-f]{64}$/.test(base));
    if (moving.length === 0) return pass(`${bases.size} bases`);
    return fail(`tags that move: ${moving.join(', ')}; Debian’s packages come in the version of the day`);
  },
};
