import { jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/**
 * The keys that sign access tokens. The newest one signs. Each one verifies until housekeeping deletes it, after the
 * last token that it has signed has expired.
 */
export const tokenKeys = pgTable('token_keys', {
  /** RFC 7638 thumbprint of the public key; the `kid` of a token's header. */
  kid: text().primaryKey(),
  publicKey: jsonb().$type<{ kty: string; crv: string; x: string }>().notNull(),
  /** A JWE that only the API's secret opens: a leaked table, replica or backup cannot sign anything. */
  encryptedPrivateKey: text().notNull(),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
});
