import { type Check, type Facts, fail, pass, serviceOf } from '../facts.ts';

/** Texts that are a secret in any context. */
const secretTexts: Record<string, RegExp> = {
  'a private key': /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}/,
  'an AWS key': /\bAKIA[0-9A-Z]{16}\b/,
  'a GitHub token': /\bgh[pousr]_[A-Za-z0-9]{36}/,
};

export const secretsInRepository: Check = {
  title: 'no secret is in the repository',
  where: 'infra/secrets/: made at the first start, into a volume',
  run: ({ files }) => {
    const found = [...files].flatMap(([path, text]) =>
      Object.entries(secretTexts).flatMap(([what, pattern]) =>
        pattern.test(text) ? [`${what} in ${path}`] : [],
      ),
    );
    return found.length > 0 ? fail(found.join(', ')) : pass(`no key and no token in ${files.size} files`);
  },
};

const secretName = /PASSWORD|PASSWD|SECRET|TOKEN|PRIVATE_KEY|ACCESS_KEY/;
/** The name of the cluster, which etcd calls a token; it protects nothing. */
const noSecrets = ['ETCD_INITIAL_CLUSTER_TOKEN'];
const passwordInUrl = /:\/\/[^/\s:@]*:[^/\s@]+@/;

/**
 * Whether a variable of a container's environment, or of its image's, contains a secret itself, and not only a path to
 * one or a duration.
 */
function holdsSecret(variable: string): boolean {
  const [name = '', ...rest] = variable.split('=');
  const value = rest.join('=');
  if (value === '' || noSecrets.includes(name)) return false;
  return passwordInUrl.test(value) || (secretName.test(name) && !/_(FILE|DIR|SECONDS|MS)$/.test(name));
}

export const secretsInEnvironment: Check = {
  title: 'no container has a secret in its environment, which every `docker inspect` shows',
  where: 'infra/*/compose.yml: *_FILE and *_DIR name files of the volume `secrets`',
  run: ({ containers }: Facts) => {
    const found = containers.flatMap((container) =>
      (container.Config.Env ?? [])
        .filter(holdsSecret)
        .map((variable) => `${serviceOf(container)}: ${variable.split('=')[0]}`),
    );
    if (found.length > 0) return fail([...new Set(found)].join(', '));
    return pass(`none of ${containers.length} containers; they read files`);
  },
};
