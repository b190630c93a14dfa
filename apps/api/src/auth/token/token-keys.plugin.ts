import fp from 'fastify-plugin';
import type { Config } from '../../config.ts';
import { derivedKey } from './derived-key.ts';
import { privateKeysPurpose, SigningKeys } from './signing-keys.ts';
import { listPublicKeys } from './token-keys.repository.ts';
import { VerificationKeys } from './verification-keys.ts';

declare module 'fastify' {
  interface FastifyInstance {
    signingKeys: SigningKeys;
    verificationKeys: VerificationKeys;
  }
}

/** How long a replica may still accept a revoked key. */
const reloadEveryMs = 30_000;

/** The keys of access tokens, which all replicas share. They are in Postgres, the private ones encrypted. */
export default fp<{ config: Config }>(
  async (app, { config }) => {
    const deadline = () => AbortSignal.timeout(config.requestDeadlineMs);
    const keys = new VerificationKeys(() => app.db.replica('primary').read(listPublicKeys, deadline()));
    app.decorate('verificationKeys', keys);
    app.decorate(
      'signingKeys',
      new SigningKeys(app.db, {
        secret: derivedKey(config.tokenSecret, privateKeysPurpose),
        maxAgeSeconds: config.tokens.keyMaxAgeSeconds,
      }),
    );

    // This drops revoked keys. While Postgres is away, the replica keeps the keys that it has.
    const reloading = setInterval(() => keys.reload().catch(() => {}), reloadEveryMs);
    app.addHook('onClose', async () => clearInterval(reloading));
  },
  { name: 'token-keys', dependencies: ['database'] },
);
