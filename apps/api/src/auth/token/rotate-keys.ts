import { openDatabase } from '@shop/database/database.ts';
import { Command } from 'commander';
import { loadConfig } from '../../config.ts';
import { derivedKey } from './derived-key.ts';
import { privateKeysPurpose, SigningKeys } from './signing-keys.ts';

/** `docker compose exec api node apps/api/src/auth/token/rotate-keys.ts`, which is what `npm run token-keys` runs. */
const { revoke } = new Command('npm run token-keys --')
  .description(
    'Makes a new key for access tokens. It signs every token from now on; tokens that older keys have signed stay valid until they expire.',
  )
  .option(
    '--revoke',
    'take the older keys out of use, for example when one has leaked: within 30 seconds every access token that they signed is refused, and clients refresh',
    false,
  )
  .parse()
  .opts<{ revoke: boolean }>();

const config = loadConfig();
const db = openDatabase({ ...config.database, maxConnections: 1 });
try {
  const signingKeys = new SigningKeys(db, {
    secret: derivedKey(config.tokenSecret, privateKeysPurpose),
    maxAgeSeconds: config.tokens.keyMaxAgeSeconds,
  });
  const { kid } = await signingKeys.rotate({ revoke, deadline: AbortSignal.timeout(30_000) });
  console.log(`Access tokens are now signed with the key ${kid}.`);
  if (revoke) console.log('No other key is in use. Clients get new access tokens with their refresh tokens.');
} finally {
  await db.close();
}
